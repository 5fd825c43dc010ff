using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>One request on its way: its attempts, its waits, its one result.</summary>
internal sealed class RequestFlow(Lane lane, FetchRequest request) : IThreadPoolWorkItem
{
    private TaskCompletionSource? _slot;
    private bool _refused;
    private int _cut;

    public Lane Lane { get; } = lane;

    public FetchRun Run => Lane.Run;

    public FetchRequest Request { get; } = request;

    public int Attempts { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public TimeSpan Waited { get; private set; }

    /// <summary>When the wait that is under way began.</summary>
    public long WaitingSince { get; set; } = lane.Run.StartedTimestamp;

    public AttemptOutcome? Last { get; private set; }

    /// <summary>The wait before the next attempt; null when <see cref="Last"/> is final.</summary>
    public TimeSpan? RetryDelay { get; private set; }

    /// <summary>The request's life; it never fails, and the dispatcher hears of its end.</summary>
    public Task Life { get; private set; } = Task.CompletedTask;

    /// <summary>The cut of an attempt, while it takes effect.</summary>
    public Task Cutting { get; set; } = Task.CompletedTask;

    // The dispatcher's: where the attempt stands in the list of those in flight, and its clock.
    public int InFlightIndex { get; set; }

    public CancellationTokenSource Attempt { get; set; } = null!;

    public long AttemptDeadline { get; set; }

    /// <summary>Set when the host is held for longer than the fetch waits: the attempt ends with this, and nothing is sent.</summary>
    public AttemptOutcome? Refusal { get; set; }

    /// <summary>Written by the dispatcher, read by the attempt.</summary>
    public AttemptCut Cut
    {
        get => (AttemptCut)Volatile.Read(ref _cut);
        set => Volatile.Write(ref _cut, (int)value);
    }

    /// <summary>Begins the request's life, or takes it up where it waits for a slot: granted, or refused by the run's stop.</summary>
    public void Execute()
    {
        TaskCompletionSource? slot = Interlocked.Exchange(ref _slot, null);
        if (slot is null)
        {
            Life = Run.Runner.RunAsync(this);
        }
        else if (_refused)
        {
            slot.SetCanceled(Run.Stopped);
        }
        else
        {
            slot.SetResult();
        }
    }

    public void Began(DateTimeOffset now, long timestamp, TimeSpan waited)
    {
        if (Attempts == 0)
        {
            StartedAt = now;
        }

        if (Refusal is null)
        {
            Attempts++;
        }

        WaitingSince = timestamp;
        Waited += waited;
    }

    public void Ended(AttemptOutcome outcome, TimeSpan? retryDelay, long timestamp)
    {
        Last?.Body.Drop();
        Last = outcome;
        RetryDelay = retryDelay;
        WaitingSince = timestamp;
    }

    /// <summary>Completes when the dispatcher grants a slot and sets the request in motion; cancelled when the run stops first.</summary>
    public Task ExpectSlot()
    {
        _slot = new TaskCompletionSource();
        return _slot.Task;
    }

    /// <summary>The next <see cref="Execute"/> ends the wait for a slot without one.</summary>
    public void RefuseSlot() => _refused = true;

    public FetchResult ToResult(AttemptOutcome outcome)
    {
        FetchReason reason = outcome.Reason;
        return new FetchResult(Request)
        {
            Outcome = reason switch
            {
                FetchReason.None => FetchOutcome.Succeeded,
                FetchReason.Cancelled or FetchReason.Deadline or FetchReason.Stopped => FetchOutcome.Cancelled,
                _ => FetchOutcome.Failed,
            },
            Reason = reason,
            Message = outcome.Message,
            Status = outcome.Status,
            Attempts = Attempts,
            StartedAt = StartedAt,
            Duration = outcome.Duration,
            Waited = Waited,
            FinalUrl = outcome.FinalUrl,
            Headers = outcome.Headers,
            ContentHeaders = outcome.ContentHeaders,
            Body = outcome.Body,
        };
    }
}
