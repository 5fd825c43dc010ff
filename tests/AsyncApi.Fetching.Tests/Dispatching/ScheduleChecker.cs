using AsyncApi.Fetching.Dispatching;
using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Tests.Dispatching;

/// <summary>Plays a schedule and holds the engine to its promises at every instant.</summary>
internal sealed class ScheduleChecker
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Clocks are looked at so often.
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(51);

    // Far more than any schedule takes.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly Schedule _schedule;
    private readonly VirtualNetwork _network;
    private readonly List<PlayedFetch> _fetches = [];
    private readonly Dictionary<FetchRequest, PlannedRequest> _plans = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<FetchRequest> _fresh = new(ReferenceEqualityComparer.Instance);
    private readonly PlayedHost[] _hosts;
    private Exception? _broken;

    public ScheduleChecker(Schedule schedule)
    {
        _schedule = schedule;
        _hosts = [.. schedule.HostRates.Select((rate, i) => new PlayedHost(new HostKey("http", $"host{i}.test", 80), rate) { Limit = schedule.HostConcurrency })];
        FetchEngineOptions options = new()
        {
            MaxConcurrency = schedule.MaxConcurrency,
            HostConcurrency = schedule.HostConcurrency,
            Circuit = Schedule.Circuit,
        };
        _network = new VirtualNetwork(options, Behave)
        {
            Started = flow => _broken ??= Record.Exception(() => OnStarted(flow)),
            Ended = OnEnded,
        };
    }

    private DateTimeOffset Now => _network.Time.GetUtcNow();

    public void Play()
    {
        foreach (PlayedHost host in _hosts.Where(static host => host.Rate > 0))
        {
            _network.Engine.SetHostLimits(host.Key, new HostLimits(null, host.Rate));
        }

        foreach (PlannedFetch fetch in _schedule.Fetches)
        {
            At(fetch.StartsAtMs, () => Start(fetch));
        }

        foreach (PlannedIntervention intervention in _schedule.Interventions)
        {
            At(intervention.AtMs, () => Intervene(intervention));
        }

        // At last, what is still paused goes on.
        At(5_000, () => _fetches.ForEach(fetch => fetch.Intervene(new PlannedIntervention(5_000, Intervention.Resume, 0, 1), Now)));
        DateTimeOffset began = Now;
        _network.Settle();
        while (_network.Step())
        {
            _network.Settle();
            TakeResults();
            // What is thrown inside an attempt would be the engine's to swallow.
            _broken.ShouldBeNull();
            NothingThatMayStartWaits();
            Now.ShouldBeLessThan(began + Limit, "the engine sleeps once all is done");
        }

        // No timer is left: the engine sleeps, so everything must be over.
        _fetches.ForEach(EndedAsPlanned);
        _network.KnownHosts.ShouldBe(_hosts.Count(static host => host.IsLimited), "hosts are forgotten");
        _network.Engine.DisposeAsync().AsTask().IsCompleted.ShouldBeTrue("the engine is idle");
    }

    private void At(int ms, Action action) =>
        _network.Time.CreateTimer(_ => action(), null, TimeSpan.FromMilliseconds(ms), Timeout.InfiniteTimeSpan);

    private void Start(PlannedFetch plan)
    {
        FetchRequest[] requests = [.. plan.Requests.Select(static (request, i) => Loopback.Get($"http://host{request.Host}.test/", i))];
        for (int i = 0; i < requests.Length; i++)
        {
            _plans.Add(requests[i], plan.Requests[i]);
            _fresh.Add(requests[i]);
        }

        FetchRun run = _network.Engine.Start(new ListSource(requests), new FetchOptions
        {
            Concurrency = plan.Concurrency,
            PerHostConcurrency = plan.PerHost,
            Priority = plan.Priority,
            Timeout = Schedule.Timeout,
            RequestsPerSecond = plan.Budget.Rate,
            RequestTimeout = TimeSpan.FromMilliseconds(plan.Budget.RequestMs),
            Deadline = TimeSpan.FromMilliseconds(plan.Budget.DeadlineMs),
            StopWhen = plan.Budget.StopWhen,
            Retry = new RetryOptions { MaxRetries = plan.MaxRetries },
        });
        _fetches.Add(new PlayedFetch(plan, run, Now));
    }

    private void Intervene(PlannedIntervention intervention)
    {
        PlayedHost host = _hosts[intervention.Which];
        PlayedFetch? fetch = _fetches.ElementAtOrDefault(intervention.Which);
        switch (intervention.What)
        {
            case Intervention.ChangeHostLimit:
                (host.Limit, host.ChangedAt, host.WasLimited) = (intervention.Limit, Now, true);
                _network.Engine.SetHostLimits(host.Key, new HostLimits(intervention.Limit, host.Rate));
                break;
            case Intervention.Hold:
                Held(host, TimeSpan.FromMilliseconds(100 * intervention.Limit));
                _network.Engine.Hold(host.Key, TimeSpan.FromMilliseconds(100 * intervention.Limit));
                break;
            case Intervention.ResetCircuit:
                _network.Engine.ResetCircuit(host.Key);
                break;
            default:
                fetch?.Intervene(intervention, Now);
                break;
        }
    }

    private void Held(PlayedHost host, TimeSpan wait)
    {
        if (Now + wait > host.HeldUntil)
        {
            (host.HeldSince, host.HeldUntil) = (Now, Now + wait);
        }
    }

    private Attempt Behave(RequestFlow flow)
    {
        PlannedRequest plan = _plans[flow.Request];
        TimeSpan latency = TimeSpan.FromMilliseconds(plan.LatencyMs);
        if (flow.Attempts > plan.Failures)
        {
            return new Attempt(latency, new AttemptOutcome { Status = 200 });
        }

        return plan.Kind switch
        {
            FailureKind.Hang => new Attempt(TimeSpan.Zero, null),
            FailureKind.Connect => new Attempt(latency, AttemptOutcome.Failed(FetchReason.Connect, "refused", neverLeft: true)),
            FailureKind.Status503AndRetryAfter => new Attempt(latency, Status(503, RetryAfter)),
            FailureKind.Status429 => new Attempt(latency, Status(429, null)),
            _ => new Attempt(latency, Status(500, null)),
        };
    }

    private static AttemptOutcome Status(int status, TimeSpan? retryAfter) =>
        new() { Reason = FetchReason.HttpStatus, Status = status, Message = "as planned", RetryAfter = retryAfter };

    private void OnStarted(RequestFlow flow)
    {
        _fresh.Remove(flow.Request);
        PlayedHost host = HostOf(flow);
        PlayedFetch fetch = _fetches.Single(fetch => fetch.Run == flow.Run);
        List<RequestFlow> running = _network.Running;
        running.Count.ShouldBeLessThanOrEqualTo(_schedule.MaxConcurrency, "the engine's limit");
        // An attempt that was decided at the very instant of a change is on its way already.
        if (host.ChangedAt != Now)
        {
            running.Count(other => other.Lane.Host == flow.Lane.Host).ShouldBeLessThanOrEqualTo(host.Limit, "the host's limit");
        }

        if (fetch.ChangedAt != Now)
        {
            running.Count(other => other.Run == flow.Run).ShouldBeLessThanOrEqualTo(flow.Run.Options.Concurrency, "the fetch's limit");
            running.Count(other => other.Lane == flow.Lane).ShouldBeLessThanOrEqualTo(flow.Run.Options.PerHostConcurrency, "the fetch's limit for the host");
            fetch.Paused.ShouldBeFalse("nothing starts while paused");
            fetch.Stopped.ShouldBeFalse("nothing starts after a stop");
        }

        (host.HeldSince == Now || Now >= host.HeldUntil).ShouldBeTrue("Retry-After is never early");
        fetch.EndsAt.ShouldBeGreaterThanOrEqualTo(Now, "nothing starts after the deadline");
        KeepsTheRates(host, fetch);
        KeepsTheCircuit(flow);
    }

    private void KeepsTheRates(PlayedHost host, PlayedFetch fetch)
    {
        host.Starts.Add(Now);
        fetch.StartsTo(host).Add(Now);
        InTheLastSecond(host.Starts).ShouldBeLessThanOrEqualTo(host.Rate == 0 ? int.MaxValue : host.Rate, "the host's rate");
        InTheLastSecond(fetch.StartsTo(host)).ShouldBeLessThanOrEqualTo(fetch.Plan.Budget.Rate == 0 ? int.MaxValue : fetch.Plan.Budget.Rate, "the fetch's rate");
    }

    private int InTheLastSecond(List<DateTimeOffset> starts) => starts.Count(at => at >= Now.AddSeconds(-1));

    private void KeepsTheCircuit(RequestFlow flow)
    {
        Circuit circuit = flow.Lane.Host.Circuit;
        HostOf(flow).WasBroken |= circuit.Ended > 0;
        (circuit.State == CircuitState.Open && flow.CircuitEpoch == circuit.Epoch).ShouldBeFalse("nothing starts while the circuit is open");
        if (circuit.State == CircuitState.HalfOpen)
        {
            _network.Running.Count(other => other.Lane.Host == flow.Lane.Host && other.CircuitEpoch == circuit.Epoch).ShouldBe(1, "one probe at a time");
        }
    }

    private void OnEnded(RequestFlow flow, AttemptOutcome outcome)
    {
        if (outcome.RetryAfter is { } wait)
        {
            Held(HostOf(flow), wait);
        }
    }

    private PlayedHost HostOf(RequestFlow flow) => _hosts.Single(host => host.Key == flow.Lane.Host.Key);

    private void TakeResults()
    {
        foreach (PlayedFetch fetch in _fetches)
        {
            while (fetch.Run.TryRead(out FetchResult? result))
            {
                fetch.Results.Add(result);
            }
        }
    }

    /// <summary>No request that was never tried waits while the engine, its fetch and its host all have a slot for it.</summary>
    private void NothingThatMayStartWaits()
    {
        List<RequestFlow> running = _network.Running;
        if (_fresh.Count == 0 || running.Count >= _schedule.MaxConcurrency)
        {
            return;
        }

        foreach (PlayedFetch fetch in _fetches)
        {
            if (fetch.Paused || fetch.Stopped || fetch.Run.EndedBy != FetchReason.None || fetch.Plan.Budget.Rate > 0
                || running.Count(flow => flow.Run == fetch.Run) >= fetch.Run.Options.Concurrency)
            {
                continue;
            }

            foreach (Lane lane in fetch.Run.State.Lanes.Values)
            {
                PlayedHost host = _hosts.Single(host => host.Key == lane.Host.Key);
                // The end of a hold is noticed when the engine's timer rings: within a millisecond.
                bool mayStart = host.Rate == 0 && lane.Host.Circuit.State == CircuitState.Closed && host.HeldUntil < Now.AddMilliseconds(-1)
                    && running.Count(flow => flow.Lane.Host == lane.Host) < host.Limit
                    && running.Count(flow => flow.Lane == lane) < fetch.Run.Options.PerHostConcurrency;
                (mayStart && lane.HasWork).ShouldBeFalse("a request that may start waits");
            }
        }
    }

    private void EndedAsPlanned(PlayedFetch fetch)
    {
        fetch.Run.State.Over.ShouldBeTrue("the fetch is over");
        int[] indexes = [.. fetch.Results.Select(static result => result.Request.Index).Order()];
        if (fetch.Run.EndedBy is FetchReason.None && !fetch.Stopped)
        {
            indexes.ShouldBe(Enumerable.Range(0, fetch.Plan.Requests.Length), "exactly one result for each request");
        }
        else
        {
            indexes.ShouldBe(indexes.Distinct(), "at most one result for each request");
        }

        foreach (FetchResult result in fetch.Results)
        {
            IsAsPlanned(fetch, result);
        }

        if (fetch.Plan.Budget.StopWhen is FetchStopWhen.FirstSuccess)
        {
            fetch.Results.Count(static result => result.Outcome == FetchOutcome.Succeeded).ShouldBeLessThanOrEqualTo(1, "one wins");
        }
    }

    private void IsAsPlanned(PlayedFetch fetch, FetchResult result)
    {
        PlannedRequest plan = _plans[result.Request];
        int attempts = fetch.Plan.MaxRetries + 1;
        result.Timeline.Count.ShouldBe(result.Attempts);
        result.Attempts.ShouldBeLessThanOrEqualTo(attempts, "no more retries than said");
        result.Timeline.ShouldAllBe(static attempt => attempt.Duration <= Schedule.Timeout + Sweep);
        if (fetch.Plan.Budget.RequestMs > 0)
        {
            result.Timeline.Sum(static attempt => attempt.Duration.TotalMilliseconds).ShouldBeLessThanOrEqualTo(fetch.Plan.Budget.RequestMs + Sweep.TotalMilliseconds, "the request's time");
        }

        switch (result.Reason)
        {
            case FetchReason.None:
                result.Attempts.ShouldBe(plan.Failures + 1);
                break;
            case FetchReason.Deadline or FetchReason.Stopped:
                fetch.Run.EndedBy.ShouldBe(result.Reason);
                break;
            case FetchReason.Cancelled:
                fetch.Stopped.ShouldBeTrue();
                break;
            case FetchReason.CircuitOpen:
                break;
            case FetchReason.Timeout when fetch.Plan.Budget.RequestMs > 0:
                break;
            default:
                // A hold beyond what is left of a budget fails at once; so does a request whose retries a broken host used up.
                bool isPlain = fetch.Plan.Budget is { RequestMs: 0, DeadlineMs: 0 } && !_hosts[plan.Host].WasBroken;
                (result.Reason == ReasonOf(plan.Kind) || !isPlain).ShouldBeTrue("fails as planned");
                (result.Attempts == attempts || !isPlain).ShouldBeTrue("tries as often as said");
                break;
        }
    }

    private static FetchReason ReasonOf(FailureKind kind) => kind switch
    {
        FailureKind.Hang => FetchReason.Timeout,
        FailureKind.Connect => FetchReason.Connect,
        _ => FetchReason.HttpStatus,
    };
}

/// <summary>A host of a schedule that is played.</summary>
internal sealed class PlayedHost(HostKey key, int rate)
{
    public HostKey Key { get; } = key;

    public int Rate { get; } = rate;

    public int Limit { get; set; }

    public bool WasLimited { get; set; }

    /// <summary>Whether it was still broken after its circuit had been open.</summary>
    public bool WasBroken { get; set; }

    public bool IsLimited => Rate > 0 || WasLimited;

    public DateTimeOffset ChangedAt { get; set; }

    public DateTimeOffset HeldSince { get; set; }

    public DateTimeOffset HeldUntil { get; set; }

    public List<DateTimeOffset> Starts { get; } = [];
}

/// <summary>A fetch of a schedule that is played.</summary>
internal sealed class PlayedFetch(PlannedFetch plan, FetchRun run, DateTimeOffset startedAt)
{
    private readonly Dictionary<PlayedHost, List<DateTimeOffset>> _starts = [];

    public PlannedFetch Plan { get; } = plan;

    public FetchRun Run { get; } = run;

    public List<FetchResult> Results { get; } = [];

    public bool Paused { get; private set; }

    public bool Stopped { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>When its deadline is over, and the timer has rung.</summary>
    public DateTimeOffset EndsAt { get; } =
        plan.Budget.DeadlineMs == 0 ? DateTimeOffset.MaxValue : startedAt.AddMilliseconds(plan.Budget.DeadlineMs + 1);

    public List<DateTimeOffset> StartsTo(PlayedHost host)
    {
        if (!_starts.TryGetValue(host, out List<DateTimeOffset>? starts))
        {
            _starts.Add(host, starts = []);
        }

        return starts;
    }

    public void Intervene(PlannedIntervention intervention, DateTimeOffset now)
    {
        ChangedAt = now;
        switch (intervention.What)
        {
            case Intervention.Pause:
                Paused = true;
                Run.Pause();
                break;
            case Intervention.Resume:
                Paused = false;
                Run.Resume();
                break;
            case Intervention.ChangeLimits:
                Run.Change(new FetchLimits(intervention.Limit, Math.Max(1, intervention.Limit / 2), Plan.Budget.Rate, FetchPriority.Normal));
                break;
            case Intervention.Cancel:
                Stopped = true;
                Run.Stop(FetchStop.Cancel);
                break;
            default:
                Stopped = true;
                Run.Stop(FetchStop.Drain);
                break;
        }
    }
}
