using FsCheck;
using FsCheck.Fluent;

namespace AsyncApi.Fetching.Tests.Dispatching;

/// <summary>How a request of a generated schedule behaves: so many failures of one kind, then an answer.</summary>
internal sealed record PlannedRequest(int Host, int LatencyMs, int Failures, FailureKind Kind);

internal enum FailureKind
{
    Status500,
    Status429,
    Status503AndRetryAfter,
    Connect,
    Hang,
}

/// <summary>Limits of a fetch beyond its slots; 0 is none.</summary>
internal sealed record PlannedBudget(int Rate, int RequestMs, int DeadlineMs, FetchStopWhen StopWhen);

internal sealed record PlannedFetch(
    int StartsAtMs, int Concurrency, int PerHost, FetchPriority Priority, int MaxRetries, PlannedBudget Budget, PlannedRequest[] Requests)
{
    public override string ToString() =>
        $"fetch at {StartsAtMs} ms, {Concurrency}/{PerHost}, {Priority}, {MaxRetries} retries, {Budget}: {string.Join("; ", (object[])Requests)}";
}

internal enum Intervention
{
    Pause,
    Resume,
    ChangeLimits,
    ChangeHostLimit,
    Hold,
    ResetCircuit,
    Cancel,
    Drain,
}

/// <summary>Something that is done to the engine while it runs.</summary>
internal sealed record PlannedIntervention(int AtMs, Intervention What, int Which, int Limit);

/// <summary>A generated run of an engine: its limits, its fetches, what is done to them, and how each host behaves.</summary>
internal sealed record Schedule(
    int MaxConcurrency, int HostConcurrency, int[] HostRates, PlannedFetch[] Fetches, PlannedIntervention[] Interventions)
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    public static readonly CircuitOptions Circuit = new()
    {
        MinimumAttempts = 5,
        Window = TimeSpan.FromSeconds(2),
        OpenFor = TimeSpan.FromSeconds(1),
    };

    public static Arbitrary<Schedule> Any { get; } = Generator().ToArbitrary();

    public override string ToString() =>
        $"engine {MaxConcurrency}, host {HostConcurrency}, rates {string.Join(' ', HostRates)}\n  {string.Join("\n  ", (object[])Fetches)}\n  {string.Join("\n  ", (object[])Interventions)}";

    private static Gen<Schedule> Generator() =>
        from concurrency in Gen.Choose(1, 8)
        from perHost in Gen.Choose(1, 5)
        from rates in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 30))).ArrayOf(4)
        from fetches in Fetch().NonEmptyListOf().Select(static list => list.Take(4).ToArray())
        from interventions in AnIntervention().ListOf().Select(static list => list.Take(6).ToArray())
        select new Schedule(concurrency, perHost, rates, fetches, interventions);

    private static Gen<PlannedFetch> Fetch() =>
        from at in Gen.Choose(0, 400)
        from concurrency in Gen.Choose(1, 6)
        from perHost in Gen.Choose(1, 4)
        from priority in Gen.Elements(FetchPriority.Low, FetchPriority.Normal, FetchPriority.High)
        from retries in Gen.Choose(0, 3)
        from budget in Budget()
        from requests in Request().ListOf().Select(static list => list.Take(12).ToArray())
        select new PlannedFetch(at, concurrency, perHost, priority, retries, budget, requests);

    private static Gen<PlannedBudget> Budget() =>
        from rate in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 40)))
        from request in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(100, 3_000)))
        from deadline in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 5_000)))
        from stopWhen in Gen.Frequency((4, Gen.Constant(FetchStopWhen.Never)), (1, Gen.Elements(Enum.GetValues<FetchStopWhen>())))
        select new PlannedBudget(rate, request, deadline, stopWhen);

    private static Gen<PlannedIntervention> AnIntervention() =>
        from at in Gen.Choose(0, 3_000)
        from what in Gen.Elements(Enum.GetValues<Intervention>())
        from which in Gen.Choose(0, 3)
        from limit in Gen.Choose(1, 8)
        select new PlannedIntervention(at, what, which, limit);

    private static Gen<PlannedRequest> Request() =>
        from host in Gen.Choose(0, 3)
        from latency in Gen.Choose(0, 300)
        from failures in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 4)))
        from kind in Gen.Elements(Enum.GetValues<FailureKind>())
        select new PlannedRequest(host, latency, failures, kind);
}
