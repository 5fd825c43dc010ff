using System.Collections.Concurrent;
using AsyncApi.Fetching;

namespace AsyncApi.Fetches.Running;

/// <summary>The fetches that run in this process, for what only they know: how much is in flight.</summary>
internal sealed class LiveFetches
{
    private readonly ConcurrentDictionary<Guid, LiveFetch> _live = new();

    public LiveFetch? Find(Guid id) => _live.GetValueOrDefault(id);

    public void Enter(Guid id, LiveFetch fetch) => _live[id] = fetch;

    public void Leave(Guid id) => _live.TryRemove(id, out _);
}

internal sealed class LiveFetch(FetchRun run)
{
    /// <summary>In flight, or over and not yet written down.</summary>
    public int InFlight => run.Running + run.Unread;

    /// <summary>Between two attempts.</summary>
    public int Retrying => run.Retrying;
}
