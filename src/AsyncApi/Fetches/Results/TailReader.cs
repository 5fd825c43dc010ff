using System.Threading.Tasks.Sources;

namespace AsyncApi.Fetches.Results;

/// <summary>
/// One reader's share in a tail. There may be thousands, woken many times a second: waiting makes no garbage, and who is woken by news runs
/// on the waker's thread until he waits again.
/// </summary>
internal sealed class TailReader : IValueTaskSource, IDisposable
{
    /// <summary>Who waits and hears of nothing is woken this often, for what is to be said by the clock.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly SharedTail _tail;
    private readonly CancellationToken _token;
    private readonly CancellationTokenRegistration _leaving;
    private ManualResetValueTaskSourceCore<bool> _wait;
    private int _waits;

    public TailReader(SharedTail tail, CancellationToken token)
    {
        (_tail, _token) = (tail, token);
        Place = new LinkedListNode<TailReader>(this);
        _leaving = token.UnsafeRegister(static reader => ((TailReader)reader!).Wake(onThisThread: false), this);
    }

    /// <summary>What is known now.</summary>
    public TailNews News => _tail.News;

    /// <summary>Where it stands among those who wait, if it does. This and the next two are the queue's.</summary>
    public LinkedListNode<TailReader> Place { get; }

    /// <summary>What it knows already; null when it is to be woken whatever that is.</summary>
    public TailNews? Seen { get; set; }

    public long? WokenAt { get; set; }

    public SharedTail Tail => _tail;

    /// <summary>Waits for other news than these or for the reader to leave; now and then for nothing at all, <see cref="LongestWait"/> at the most.</summary>
    public ValueTask WaitAsync(TailNews seen)
    {
        _wait.Reset();
        Interlocked.Exchange(ref _waits, 1);
        if (!_tail.TryQueue(this, seen) || _token.IsCancellationRequested)
        {
            Wake(onThisThread: true);
        }

        return new ValueTask(this, _wait.Version);
    }

    /// <param name="onThisThread">Go on inside this call.</param>
    public void Wake(bool onThisThread)
    {
        if (Interlocked.Exchange(ref _waits, 0) == 1)
        {
            _wait.RunContinuationsAsynchronously = !onThisThread;
            _wait.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    public void Dispose()
    {
        _leaving.Dispose();
        _tail.Leave(this);
    }
}
