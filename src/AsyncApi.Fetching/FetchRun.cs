using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using AsyncApi.Fetching.Dispatching;

namespace AsyncApi.Fetching;

/// <summary>
/// A fetch under way: its results in completion order, and the handle to change and stop it. Results that nobody reads hold the
/// fetch back instead of filling memory.
/// </summary>
public sealed class FetchRun : IAsyncDisposable
{
    private readonly Dispatcher _dispatcher;
    private readonly RunResults _results;
    private readonly CancellationTokenSource _stopped = new();
    private Task _cancellingWaits = Task.CompletedTask;
    private volatile FetchOptions _options;

    internal FetchRun(Dispatcher dispatcher, RequestRunner runner, IFetchSource source, FetchOptions options)
    {
        _dispatcher = dispatcher;
        _options = options;
        _results = new RunResults(options.StopWhen);
        Runner = runner;
        Source = source;
        State = new RunState(this);
        StartedTimestamp = dispatcher.Time.GetTimestamp();
    }

    /// <summary>Attempts in flight now.</summary>
    public int Running => Volatile.Read(ref State.Running);

    /// <summary>Requests waiting between two attempts now.</summary>
    public int Retrying => Volatile.Read(ref State.Retrying);

    /// <summary>Results that are there and were not taken yet.</summary>
    public int Unread => _results.Unread;

    /// <summary>The options that hold now.</summary>
    public FetchOptions Options => _options;

    /// <summary>
    /// What ended the fetch by itself: <see cref="FetchReason.Deadline"/>, or <see cref="FetchReason.Stopped"/> when
    /// <see cref="FetchOptions.StopWhen"/> struck, be it with the last request; else <see cref="FetchReason.None"/>.
    /// </summary>
    public FetchReason EndedBy => _results.EndedBy;

    internal RequestRunner Runner { get; }

    internal long StartedTimestamp { get; }

    internal IFetchSource Source { get; }

    internal RunState State { get; }

    internal BodyShare Bodies { get; } = new();

    /// <summary>Ends the reading of the source when the fetch stops.</summary>
    internal CancellationToken Stopped => _stopped.Token;

    /// <summary>What is left until the deadline; null without one.</summary>
    internal TimeSpan? TimeLeft =>
        Options.Deadline > TimeSpan.Zero ? Options.Deadline - _dispatcher.Time.GetElapsedTime(StartedTimestamp) : null;

    /// <summary>False when too many results lie unread; the dispatcher is told when that is over.</summary>
    internal bool HasRoom => _results.HasRoom;

    /// <summary>True when there is a result to read, false when all were read and there will be no more.</summary>
    /// <exception cref="FetchSourceException">The source could not be read; what was in flight has its results.</exception>
    public ValueTask<bool> WaitToReadAsync(CancellationToken token = default) => _results.Reader.WaitToReadAsync(token);

    /// <summary>Takes the next result, if one is there.</summary>
    public bool TryRead([MaybeNullWhen(false)] out FetchResult result)
    {
        if (!_results.TryRead(out result, out bool roomAgain))
        {
            return false;
        }

        _dispatcher.Bodies.Taken(this, result.Body);
        if (roomAgain)
        {
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
    /// Ends the fetch: no further attempt starts, at once though not before this returns, and what <paramref name="stop"/> says happens to
    /// those in flight. Once a stop that cuts has returned, no further result is a success. Requests that had not started get no
    /// result. A later call may only be harsher.
    /// </summary>
    public void Stop(FetchStop stop)
    {
        _results.Stop(stop, FetchReason.Cancelled);
        _dispatcher.Post(DispatcherMessage.Stop(this, stop));
    }

    /// <summary>
    /// Changes the limits while the fetch runs, at once. Under a lower one no attempt starts until enough of those in flight have ended.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public void Change(FetchLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        FetchOptions options = Options with
        {
            Concurrency = limits.Concurrency,
            PerHostConcurrency = limits.PerHostConcurrency,
            RequestsPerSecond = limits.RequestsPerSecond,
            Priority = limits.Priority,
        };
        OptionRules.ThrowIfBroken(options);
        _options = options;
        _dispatcher.Changed(this);
    }

    /// <summary>Starts no further attempt until <see cref="Resume"/>; those in flight end. Deadlines run on.</summary>
    public void Pause() => _dispatcher.Pause(this, paused: true);

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume() => _dispatcher.Pause(this, paused: false);

    /// <summary>
    /// Why the requests that are not running are not, now. Those of hosts that were not read yet (<see cref="IFetchSource"/>) are not among
    /// them: they wait to be read.
    /// </summary>
    public Task<FetchWaiting> GetWaitingAsync() => _dispatcher.AskAsync(() => _dispatcher.Reports.WaitingOf(this));

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

    /// <summary>Ends the fetch by itself, unless something else did before.</summary>
    internal void End(FetchReason reason)
    {
        if (_results.End(reason))
        {
            _dispatcher.Post(DispatcherMessage.Stop(this, FetchStop.Cancel));
        }
    }

    internal void Write(FetchResult result)
    {
        if (_results.Write(ref result, _dispatcher.Bodies, this))
        {
            _dispatcher.Post(DispatcherMessage.Stop(this, FetchStop.Cancel));
        }
    }

    /// <summary>Requests that were read and will not be tried.</summary>
    internal void GiveBack(IEnumerable<FetchRequest> requests) => (Source as ListSource)?.TakeBack(requests);

    internal void CancelWaits()
    {
        if (!_stopped.IsCancellationRequested)
        {
            _cancellingWaits = _stopped.CancelAsync();
        }
    }

    internal void Complete(Exception? error) => _results.Complete(error);
}
