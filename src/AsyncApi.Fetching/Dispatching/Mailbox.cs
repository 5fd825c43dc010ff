using System.Collections.Concurrent;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// Makes its handler single-threaded without a thread of its own: whoever posts into an idle mailbox handles what
/// comes until it is idle again, everyone else only leaves a message. What waits is bounded by what is in flight.
/// </summary>
internal sealed class Mailbox<T>(Action<T> handle, Action settle)
{
    // Settling starts attempts: not so rarely that slots lie idle, not so often that batching is lost.
    private const int MessagesBeforeSettling = 64;

    private readonly ConcurrentQueue<T> _messages = new();
    private int _unhandled;

    public void Post(T message)
    {
        // Counted before it can be taken: the count never falls to zero while somebody still handles, so that only one ever does.
        bool isFirst = Interlocked.Increment(ref _unhandled) == 1;
        _messages.Enqueue(message);
        if (isFirst)
        {
            Drain();
        }
    }

    private void Drain()
    {
        SpinWait wait = default;
        int taken;
        do
        {
            taken = HandleSome();
            if (taken == 0)
            {
                // Counted, but not yet in the queue.
                wait.SpinOnce();
            }
        }
        while (Interlocked.Add(ref _unhandled, -taken) != 0);
    }

    private int HandleSome()
    {
        int taken = 0;
        try
        {
            while (taken < MessagesBeforeSettling && _messages.TryDequeue(out T? message))
            {
                handle(message);
                taken++;
            }

            if (taken > 0)
            {
                settle();
            }
        }
#pragma warning disable CA1031 // A defect of the handler: its state, which holds the limits, can't be trusted any more.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            Environment.FailFast("The fetch engine met a defect and cannot hold its limits.", defect);
        }

        return taken;
    }
}
