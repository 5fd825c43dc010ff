using AsyncApi.Fetching.Dispatching;
using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Tests.Dispatching;

/// <summary>Plays a schedule and holds the engine to its promises at every instant.</summary>
internal sealed class ScheduleChecker
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Far more than any schedule takes.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly Schedule _schedule;
    private readonly VirtualNetwork _network;
    private readonly List<(PlannedFetch Plan, FetchRun Run, List<FetchResult> Results)> _fetches = [];
    private readonly Dictionary<FetchRequest, PlannedRequest> _plans = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<FetchRequest> _fresh = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<HostKey, (DateTimeOffset Since, DateTimeOffset Until)> _held = [];
    private Exception? _broken;

    public ScheduleChecker(Schedule schedule)
    {
        _schedule = schedule;
        _network = new VirtualNetwork(
            new FetchEngineOptions { MaxConcurrency = schedule.MaxConcurrency, HostConcurrency = schedule.HostConcurrency }, Behave)
        {
            Started = flow => _broken ??= Record.Exception(() => OnStarted(flow)),
            Ended = OnEnded,
        };
    }

    public void Play()
    {
        foreach (PlannedFetch fetch in _schedule.Fetches)
        {
            _network.Time.CreateTimer(_ => Start(fetch), null, TimeSpan.FromMilliseconds(fetch.StartsAtMs), Timeout.InfiniteTimeSpan);
        }

        DateTimeOffset began = _network.Time.GetUtcNow();
        _network.Settle();
        while (_network.Step())
        {
            _network.Settle();
            TakeResults();
            // What is thrown inside an attempt would be the engine's to swallow.
            _broken.ShouldBeNull();
            NothingThatMayStartWaits();
            _network.Time.GetUtcNow().ShouldBeLessThan(began + Limit, "the engine sleeps once all is done");
        }

        // No timer is left: the engine sleeps, so everything must be over.
        foreach ((PlannedFetch plan, FetchRun run, List<FetchResult> results) in _fetches)
        {
            run.State.Over.ShouldBeTrue("the fetch is over");
            results.Select(static result => result.Request.Index).Order().ShouldBe(Enumerable.Range(0, plan.Requests.Length), "exactly one result for each request");
            results.ShouldAllBe(result => IsAsPlanned(plan, result));
        }

        _network.KnownHosts.ShouldBe(0, "hosts are forgotten");
        _network.Engine.DisposeAsync().AsTask().IsCompleted.ShouldBeTrue("the engine is idle");
    }

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
            Retry = new RetryOptions { MaxRetries = plan.MaxRetries },
        });
        _fetches.Add((plan, run, []));
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
        List<RequestFlow> running = _network.Running;
        running.Count.ShouldBeLessThanOrEqualTo(_schedule.MaxConcurrency, "the engine's limit");
        running.Count(other => other.Lane.Host == flow.Lane.Host).ShouldBeLessThanOrEqualTo(_schedule.HostConcurrency, "the host's limit");
        running.Count(other => other.Run == flow.Run).ShouldBeLessThanOrEqualTo(flow.Run.Options.Concurrency, "the fetch's limit");
        running.Count(other => other.Lane == flow.Lane).ShouldBeLessThanOrEqualTo(flow.Run.Options.PerHostConcurrency, "the fetch's limit for the host");
        // An attempt that was decided at the very instant at which the host asks is on its way already.
        (DateTimeOffset since, DateTimeOffset until) = _held.GetValueOrDefault(flow.Lane.Host.Key);
        DateTimeOffset now = _network.Time.GetUtcNow();
        (now == since || now >= until).ShouldBeTrue("Retry-After is never early");
    }

    private void OnEnded(RequestFlow flow, AttemptOutcome outcome)
    {
        if (outcome.RetryAfter is { } wait)
        {
            DateTimeOffset now = _network.Time.GetUtcNow();
            _held[flow.Lane.Host.Key] = (now, now + wait);
        }
    }

    private void TakeResults()
    {
        foreach ((_, FetchRun run, List<FetchResult> results) in _fetches)
        {
            while (run.TryRead(out FetchResult? result))
            {
                results.Add(result);
            }
        }
    }

    /// <summary>No request that was never tried waits while the engine, its fetch and its host all have a slot for it.</summary>
    private void NothingThatMayStartWaits()
    {
        List<RequestFlow> running = _network.Running;
        if (_fresh.Count == 0 || running.Count == _schedule.MaxConcurrency)
        {
            return;
        }

        foreach ((PlannedFetch plan, FetchRun run, _) in _fetches)
        {
            if (running.Count(flow => flow.Run == run) == plan.Concurrency)
            {
                continue;
            }

            foreach (Lane lane in run.State.Lanes.Values)
            {
                int ofHost = running.Count(flow => flow.Lane.Host == lane.Host);
                int ofLane = running.Count(flow => flow.Lane == lane);
                // The end of a hold is noticed by the next sweep.
                bool held = _held.GetValueOrDefault(lane.Host.Key).Until >= _network.Time.GetUtcNow() - TimeSpan.FromMilliseconds(50);
                (lane.HasWork && !held && ofHost < _schedule.HostConcurrency && ofLane < plan.PerHost).ShouldBeFalse("a request that may start waits");
            }
        }
    }

    private bool IsAsPlanned(PlannedFetch fetch, FetchResult result)
    {
        PlannedRequest plan = _plans[result.Request];
        return plan.Failures <= fetch.MaxRetries
            ? result.Reason == FetchReason.None && result.Attempts == plan.Failures + 1
            : result.Reason == ReasonOf(plan.Kind) && result.Attempts == fetch.MaxRetries + 1;
    }

    private static FetchReason ReasonOf(FailureKind kind) => kind switch
    {
        FailureKind.Hang => FetchReason.Timeout,
        FailureKind.Connect => FetchReason.Connect,
        _ => FetchReason.HttpStatus,
    };
}
