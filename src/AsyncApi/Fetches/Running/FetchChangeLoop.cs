using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Running;

/// <summary>Looks for what users changed about the fetches that run here, by way of another process.</summary>
internal sealed class FetchChangeLoop(
    FetchStore fetches, LiveFetches live, LoopHealth health, TimeProvider time, ILogger<FetchChangeLoop> logger)
    : JobLoop(health, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override string Name => "changes";

    protected override TimeSpan Patience => TimeSpan.FromSeconds(20);

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        await Task.Delay(Interval, Time, stopping);
        IReadOnlyCollection<KeyValuePair<Guid, LiveFetch>> running = live.All;
        if (running.Count == 0)
        {
            return;
        }

        IReadOnlyDictionary<Guid, int> revisions = await fetches.ReadRevisionsAsync([.. running.Select(fetch => fetch.Key)], stopping);
        foreach ((Guid id, LiveFetch fetch) in running)
        {
            if (revisions.TryGetValue(id, out int revision) && revision != fetch.Revision)
            {
                await fetch.RefreshAsync(stopping);
            }
        }
    }
}
