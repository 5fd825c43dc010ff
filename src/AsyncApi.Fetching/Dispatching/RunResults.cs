using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// The results of one run on their way to its reader. What ends a fetch and what is written pass one lock, so that no result that comes
/// after the end can be a success, and no second one can win a race.
/// </summary>
internal sealed class RunResults(FetchStopWhen stopWhen)
{
    // With more than these unread nothing starts.
    private const int UnreadLimit = 1024;

    // What is in flight adds results after the last one was let start, and so does all that was read or waits for a retry when it
    // is refused or the fetch is cancelled: a result always finds its place. The channel takes memory for what is in it alone.
    private const int Capacity = UnreadLimit + (2 * OptionRules.MostConcurrency) + (3 * Lane.MostInHand);

    private readonly Lock _gate = new();
    private readonly Channel<FetchResult> _results =
        Channel.CreateBounded<FetchResult>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private FetchStop _stop;
    private FetchReason _reason;
    private int _unread;
    private volatile bool _starved;

    public ChannelReader<FetchResult> Reader => _results.Reader;

    public int Unread => Volatile.Read(ref _unread);

    public FetchReason EndedBy { get; private set; }

    /// <summary>Asked by the dispatcher alone; it is told when that is over.</summary>
    public bool HasRoom
    {
        get
        {
            if (Volatile.Read(ref _unread) < UnreadLimit)
            {
                return true;
            }

            // Asked again: what was taken before the flag stood told nobody.
            _starved = true;
            return Volatile.Read(ref _unread) < UnreadLimit;
        }
    }

    /// <summary>What comes from now on is treated as <paramref name="stop"/> says.</summary>
    public void Stop(FetchStop stop, FetchReason reason)
    {
        lock (_gate)
        {
            SetStop(stop, reason);
        }
    }

    /// <summary>The fetch ends by itself; false when it has ended already.</summary>
    public bool End(FetchReason reason)
    {
        lock (_gate)
        {
            if (_stop >= FetchStop.Cancel)
            {
                return false;
            }

            SetStop(FetchStop.Cancel, reason);
            EndedBy = reason;
            return true;
        }
    }

    /// <summary>True when this result ends the fetch.</summary>
    public bool Write(ref FetchResult result, BodyBudget bodies, FetchRun run)
    {
        bool ends = false;
        lock (_gate)
        {
            if (_stop >= FetchStop.Cancel)
            {
                result.Body.Drop();
                if (_stop is FetchStop.Abandon)
                {
                    return false;
                }

                result = result.CutBy(_reason);
            }
            else if (Strikes(result))
            {
                ends = true;
                SetStop(FetchStop.Cancel, FetchReason.Stopped);
                EndedBy = FetchReason.Stopped;
            }

            Interlocked.Increment(ref _unread);
            bodies.Arrived(run, result.Body);
            if (!_results.Writer.TryWrite(result))
            {
                throw new InvalidOperationException("The results' channel is smaller than what may be in flight.");
            }
        }

        return ends;
    }

    public bool TryRead([MaybeNullWhen(false)] out FetchResult result, out bool roomAgain)
    {
        roomAgain = false;
        if (!_results.Reader.TryRead(out result))
        {
            return false;
        }

        if (Interlocked.Decrement(ref _unread) < UnreadLimit / 2 && _starved)
        {
            _starved = false;
            roomAgain = true;
        }

        return true;
    }

    public void Complete(Exception? error) => _results.Writer.TryComplete(error);

    private bool Strikes(FetchResult result) => stopWhen switch
    {
        FetchStopWhen.FirstFailure => result.Outcome is FetchOutcome.Failed,
        FetchStopWhen.FirstSuccess => result.Outcome is FetchOutcome.Succeeded,
        FetchStopWhen.FirstCompletion => result.Outcome is not FetchOutcome.Cancelled,
        _ => false,
    };

    private void SetStop(FetchStop stop, FetchReason reason)
    {
        if (stop > _stop)
        {
            _stop = stop;
            // Who cut first is who cut it.
            _reason = _reason is FetchReason.None && stop >= FetchStop.Cancel ? reason : _reason;
        }
    }
}
