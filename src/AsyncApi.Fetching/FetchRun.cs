using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AsyncApi.Fetching.Dispatching;

namespace AsyncApi.Fetching;

/// <summary>
/// A fetch under way: its results in completion order, and the handle to stop it. Results that nobody reads hold the
/// fetch back instead of filling memory.
/// </summary>
public sealed class FetchRun : IAsyncDisposable
{
    // Requests in flight may each add a result after the last one was let start, and all that wait for a retry when the fetch is
    // cancelled: the channel holds that many more, so that a result always finds its place.
    private const int UnreadLimit = 1024;

    private readonly Dispatcher _dispatcher;
    private readonly Channel<FetchResult> _results;
    private readonly CancellationTokenSource _stopped = new();
    private Task _cancellingWaits = Task.CompletedTask;
    private int _unread;
    private volatile bool _starved;

    internal FetchRun(Dispatcher dispatcher, RequestRunner runner, IFetchSource source, FetchOptions options)
    {
        _dispatcher = dispatcher;
        Runner = runner;
        Source = source;
        Options = options;
        StartedTimestamp = dispatcher.Time.GetTimestamp();
        _results = Channel.CreateBounded<FetchResult>(new BoundedChannelOptions(UnreadLimit + (2 * options.Concurrency) + Lane.MostRetrying)
        {
            SingleReader = true,
        });
    }

    /// <summary>Attempts in flight now.</summary>
    public int Running => Volatile.Read(ref State.Running);

    /// <summary>Requests waiting between two attempts now.</summary>
    public int Retrying => Volatile.Read(ref State.Retrying);

    /// <summary>Results that are there and were not taken yet.</summary>
    public int Unread => Volatile.Read(ref _unread);

    /// <summary>The options that hold now.</summary>
    public FetchOptions Options { get; private set; }

    /// <summary>
    /// What ended the fetch before all of its requests had an outcome: <see cref="FetchReason.Deadline"/>, or
    /// <see cref="FetchReason.Stopped"/> by <see cref="FetchOptions.StopWhen"/>; else <see cref="FetchReason.None"/>.
    /// </summary>
    public FetchReason EndedBy { get; private set; }

    internal RequestRunner Runner { get; }

    internal long StartedTimestamp { get; }

    internal long TimestampFrequency => _dispatcher.Time.TimestampFrequency;

    internal IFetchSource Source { get; }

    internal RunState State { get; } = new();

    /// <summary>Ends the waits of the fetch's requests when it stops.</summary>
    internal CancellationToken Stopped => _stopped.Token;

    /// <summary>False when too many results lie unread; the dispatcher is told when that is over.</summary>
    internal bool HasRoom
    {
        get
        {
            if (Volatile.Read(ref _unread) < UnreadLimit)
            {
                return true;
            }

            _starved = true;
            return Volatile.Read(ref _unread) < UnreadLimit;
        }
    }

    /// <summary>True when a result can be read; false when the fetch is over and all results were read.</summary>
    /// <exception cref="FetchSourceException">The source could not be read.</exception>
    public ValueTask<bool> WaitToReadAsync(CancellationToken token = default) => _results.Reader.WaitToReadAsync(token);

    /// <summary>Takes one result if one is there.</summary>
    public bool TryRead([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out FetchResult result)
    {
        if (!_results.Reader.TryRead(out result))
        {
            return false;
        }

        _dispatcher.Bodies.Taken(result.Body);
        if (Interlocked.Decrement(ref _unread) < UnreadLimit / 2 && _starved)
        {
            _starved = false;
            _dispatcher.Post(DispatcherMessage.Room(this));
        }

        return true;
    }

    /// <summary>All results in completion order.</summary>
    /// <exception cref="FetchSourceException">The source could not be read.</exception>
    public async IAsyncEnumerable<FetchResult> ReadAllAsync([EnumeratorCancellation] CancellationToken token = default)
    {
        while (await WaitToReadAsync(token))
        {
            while (TryRead(out FetchResult? result))
            {
                yield return result;
            }
        }
    }

    /// <summary>
    /// Ends the fetch: at once, though not before this returns, no further attempt starts, and what <paramref name="stop"/> says
    /// happens to those in flight. Requests that had not started get no result. A later call may only be harsher.
    /// </summary>
    public void Stop(FetchStop stop) => _dispatcher.Post(DispatcherMessage.Stop(this, stop));

    /// <summary>
    /// Changes the limits while the fetch runs, at once. Under a lower one no attempt starts until enough of those in flight have ended.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public void Change(FetchLimits limits) => throw new NotSupportedException();

    /// <summary>Starts no further attempt until <see cref="Resume"/>; those in flight end. Deadlines run on.</summary>
    public void Pause() => throw new NotSupportedException();

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume() => throw new NotSupportedException();

    /// <summary>Why the requests that are not running are not, now.</summary>
    public Task<FetchWaiting> GetWaitingAsync() => throw new NotSupportedException();

    /// <summary>Stops the fetch, abandoning what is in flight, and drops the results that nobody read.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop(FetchStop.Abandon);
        try
        {
            while (await WaitToReadAsync(CancellationToken.None))
            {
                while (TryRead(out FetchResult? result))
                {
                    result.Body.Drop();
                }
            }
        }
        catch (FetchSourceException)
        {
            // Whoever reads to the end is told; here nobody asks any more.
        }

        await _cancellingWaits;
        _stopped.Dispose();
    }

    internal void Write(FetchResult result)
    {
        Interlocked.Increment(ref _unread);
        _dispatcher.Bodies.Arrived(result.Body);
        if (!_results.Writer.TryWrite(result))
        {
            throw new InvalidOperationException("The results' channel is smaller than what may be in flight.");
        }
    }

    internal void CancelWaits() => _cancellingWaits = _stopped.CancelAsync();

    internal void Complete(Exception? error) => _results.Writer.TryComplete(error);
}
