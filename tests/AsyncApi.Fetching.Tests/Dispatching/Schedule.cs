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

internal sealed record PlannedFetch(
    int StartsAtMs, int Concurrency, int PerHost, FetchPriority Priority, int MaxRetries, PlannedRequest[] Requests)
{
    public override string ToString() =>
        $"fetch at {StartsAtMs} ms, {Concurrency}/{PerHost}, {Priority}, {MaxRetries} retries: {string.Join("; ", (object[])Requests)}";
}

/// <summary>A generated run of an engine: its limits, its fetches, and how each host behaves.</summary>
internal sealed record Schedule(int MaxConcurrency, int HostConcurrency, PlannedFetch[] Fetches)
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    public static Arbitrary<Schedule> Any { get; } = Generator().ToArbitrary();

    public override string ToString() => $"engine {MaxConcurrency}, host {HostConcurrency}\n  {string.Join("\n  ", (object[])Fetches)}";

    private static Gen<Schedule> Generator() =>
        from concurrency in Gen.Choose(1, 8)
        from perHost in Gen.Choose(1, 5)
        from fetches in Fetch().NonEmptyListOf().Select(static list => list.Take(4).ToArray())
        select new Schedule(concurrency, perHost, fetches);

    private static Gen<PlannedFetch> Fetch() =>
        from at in Gen.Choose(0, 400)
        from concurrency in Gen.Choose(1, 6)
        from perHost in Gen.Choose(1, 4)
        from priority in Gen.Elements(FetchPriority.Low, FetchPriority.Normal, FetchPriority.High)
        from retries in Gen.Choose(0, 3)
        from requests in Request().ListOf().Select(static list => list.Take(12).ToArray())
        select new PlannedFetch(at, concurrency, perHost, priority, retries, requests);

    private static Gen<PlannedRequest> Request() =>
        from host in Gen.Choose(0, 3)
        from latency in Gen.Choose(0, 300)
        from failures in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 4)))
        from kind in Gen.Elements(Enum.GetValues<FailureKind>())
        select new PlannedRequest(host, latency, failures, kind);
}
