using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>One request on its way: its attempts, its waits, its one result. While it waits it is nothing but this object in a queue.</summary>
internal sealed class RequestFlow : DueItem, IThreadPoolWorkItem
{
    private FetchAttempt[] _timeline = [];
    private int _cut;

    public RequestFlow(Lane lane, FetchRequest request)
    {
        Lane = lane;
        Request = request;
        CircuitEnded = lane.CircuitEnded;
        WaitingSince = lane.Run.StartedTimestamp;
    }

    public Lane Lane { get; }

    public FetchRun Run => Lane.Run;

    public FetchRequest Request { get; }

    /// <summary>Attempts made, the one under way too.</summary>
    public int Attempts { get; private set; }

    public IReadOnlyList<FetchAttempt> Timeline => _timeline;

    public DateTimeOffset StartedAt { get; private set; }

    public TimeSpan Waited { get; private set; }

    /// <summary>What its time for all attempts was used up by: attempts and the waits between them, not queueing.</summary>
    public TimeSpan Spent { get; private set; }

    /// <summary>When the wait that is under way began.</summary>
    public long WaitingSince { get; private set; }

    /// <summary>What the attempt waited for last.</summary>
    public FetchWaitReason WaitedFor { get; set; }

    /// <summary>Whether its backoff was asked for by the host.</summary>
    public FetchWaitReason RetryFor { get; private set; }

    /// <summary>When its backoff is over.</summary>
    public long RetryAt { get; private set; }

    /// <summary>When it was seen that its backoff is over.</summary>
    public long ReadyAt { get; set; }

    /// <summary>The latest attempt that is over.</summary>
    public FetchAttempt LastAttempt => _timeline[^1];

    /// <summary>The attempt under way; it never fails, and the dispatcher hears of its end.</summary>
    public Task Life { get; private set; } = Task.CompletedTask;

    /// <summary>The cut of an attempt, while it takes effect.</summary>
    public Task Cutting { get; set; } = Task.CompletedTask;

    // The dispatcher's: where the attempt stands in the list of those in flight, its clock, and what it means for the host's circuit.
    public int InFlightIndex { get; set; }

    public CancellationTokenSource Attempt { get; set; } = null!;

    public long AttemptDeadline { get; set; }

    /// <summary>True when the attempt's clock is what is left of the request's.</summary>
    public bool EndsWithRequest { get; set; }

    public int CircuitEpoch { get; set; }

    /// <summary>The open periods of the host's circuit that were over when its wait began.</summary>
    public int CircuitEnded { get; set; }

    /// <summary>The open periods that it waited through: each used up one of its retries.</summary>
    public int PeriodsWaited { get; set; }

    // The sender's: what is to be known of the attempt under way, however it ends.
    public long FirstByteAt { get; set; }

    public TracedRequest? Leg { get; set; }

    public List<FetchRedirect>? Redirects { get; set; }

    /// <summary>Written by the dispatcher, read by the attempt.</summary>
    public AttemptCut Cut
    {
        get => (AttemptCut)Volatile.Read(ref _cut);
        set => Volatile.Write(ref _cut, (int)value);
    }

    /// <summary>What is left of the request's time; none when it has no limit.</summary>
    public TimeSpan? TimeLeft => Run.Options.RequestTimeout is { Ticks: > 0 } limit ? limit - Spent : null;

    /// <summary>Sets the attempt in motion for which the dispatcher granted a slot.</summary>
    public void Execute() => Life = Run.Runner.RunAsync(this);

    /// <summary>Takes up what an earlier run began.</summary>
    public void Resume(FetchRetryWait before, DateTimeOffset now, long timestamp, long frequency)
    {
        _timeline = [.. before.Timeline];
        Attempts = _timeline.Length;
        TimeSpan left = before.NotBefore - now;
        RetryAt = timestamp + EngineClock.TicksOf(left > TimeSpan.Zero ? left : TimeSpan.Zero, frequency);
        RetryFor = before.WaitsFor;
        WaitingSince = timestamp;
        if (_timeline.Length == 0)
        {
            return;
        }

        StartedAt = _timeline[0].StartedAt;
        FetchAttempt last = _timeline[^1];
        TimeSpan wait = before.NotBefore - (last.StartedAt + last.Duration);
        Spent = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        foreach (FetchAttempt attempt in _timeline)
        {
            Waited += attempt.Waited;
            Spent += attempt.WaitedFor is FetchWaitReason.Retry or FetchWaitReason.RetryAfter ? attempt.Waited + attempt.Duration : attempt.Duration;
        }
    }

    public void Began()
    {
        Attempts++;
        FirstByteAt = 0;
        Leg = null;
        Redirects = null;
    }

    /// <summary>The attempt is over.</summary>
    /// <param name="attempt">What the timeline keeps of it.</param>
    /// <param name="timestamp">When it ended.</param>
    public void Ended(FetchAttempt attempt, long timestamp)
    {
        if (_timeline.Length == 0)
        {
            StartedAt = attempt.StartedAt;
        }

        _timeline = _timeline.Length == 0 ? [attempt] : [.. _timeline, attempt];
        Leg = null;
        Waited += attempt.Waited;
        Spent += attempt.Duration;
        WaitingSince = timestamp;
    }

    /// <summary>It waits for another attempt.</summary>
    public void WillRetry(TimeSpan delay, long at, FetchWaitReason reason)
    {
        Spent += delay;
        RetryAt = at;
        RetryFor = reason;
    }

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
            Timeline = _timeline,
        };
    }

    /// <summary>The result of a request that ends without the attempt it waited for.</summary>
    public FetchResult ToResult(AttemptOutcome outcome, DateTimeOffset now, TimeSpan waited)
    {
        Waited += waited;
        if (_timeline.Length == 0)
        {
            StartedAt = now;
        }
        else
        {
            outcome.Duration = _timeline[^1].Duration;
        }

        return ToResult(outcome);
    }
}
