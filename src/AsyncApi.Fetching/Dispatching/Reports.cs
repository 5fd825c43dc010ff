namespace AsyncApi.Fetching.Dispatching;

/// <summary>Says what waits for what. Asked where the dispatcher's state may be read.</summary>
internal sealed class Reports(Hosts hosts, Runs runs, EngineClock clock)
{
    public FetchWaiting WaitingOf(FetchRun run)
    {
        Dictionary<FetchWaitReason, long> counts = [];
        foreach (Lane lane in run.State.Lanes.Values)
        {
            int inBackoff = lane.Retrying - lane.Again.Count;
            Add(counts, FetchWaitReason.RetryAfter, lane.Asked);
            Add(counts, FetchWaitReason.Retry, inBackoff - lane.Asked);
            Add(counts, WhyNot(lane), WaitingOf(lane) - inBackoff);
        }

        int Of(FetchWaitReason reason) => (int)Math.Min(int.MaxValue, counts.GetValueOrDefault(reason));
        return new FetchWaiting
        {
            Slot = Of(FetchWaitReason.Slot),
            Host = Of(FetchWaitReason.Host),
            Rate = Of(FetchWaitReason.Rate),
            Retry = Of(FetchWaitReason.Retry),
            RetryAfter = Of(FetchWaitReason.RetryAfter),
            Circuit = Of(FetchWaitReason.Circuit),
            Paused = Of(FetchWaitReason.Paused),
        };
    }

    public IReadOnlyList<HostState> AllHosts()
    {
        Dictionary<HostGate, long> waiting = new(ReferenceEqualityComparer.Instance);
        foreach (Lane lane in runs.All.SelectMany(static run => run.State.Lanes.Values))
        {
            waiting[lane.Host] = waiting.GetValueOrDefault(lane.Host) + WaitingOf(lane);
        }

        return [.. hosts.All.Select(host => StateOf(host, waiting.GetValueOrDefault(host)))];
    }

    private HostState StateOf(HostGate host, long waiting) => new()
    {
        Key = host.Key,
        Running = host.Running,
        Waiting = waiting,
        Concurrency = host.Limit,
        RequestsPerSecond = host.OwnLimits?.RequestsPerSecond ?? 0,
        Circuit = host.Circuit.State,
        OpenUntil = host.Circuit.State is CircuitState.Open ? At(host.Circuit.OpenUntil) : null,
        RetryAfterUntil = host.HoldUntil > clock.Now ? At(host.HoldUntil) : null,
    };

    private DateTimeOffset At(long timestamp) => clock.Time.GetUtcNow() + clock.Time.GetElapsedTime(clock.Now, timestamp);

    private static long WaitingOf(Lane lane) => (long)lane.Unread + lane.Fresh.Count + lane.Retrying;

    private FetchWaitReason WhyNot(Lane lane)
    {
        if (lane.Run.State.Paused)
        {
            return FetchWaitReason.Paused;
        }

        FetchWaitReason host = lane.Host.ClosedFor(clock.Now);
        if (host is FetchWaitReason.Circuit or FetchWaitReason.RetryAfter || (host is FetchWaitReason.None && lane.Running < lane.Limit))
        {
            return host is not FetchWaitReason.None ? host
                : lane.Rate is not null && lane.Rate.ReadyAt > clock.Now ? FetchWaitReason.Rate
                : FetchWaitReason.Slot;
        }

        return lane.Running >= lane.Limit ? FetchWaitReason.Host : host;
    }

    private static void Add(Dictionary<FetchWaitReason, long> counts, FetchWaitReason reason, long count) =>
        counts[reason] = counts.GetValueOrDefault(reason) + count;
}
