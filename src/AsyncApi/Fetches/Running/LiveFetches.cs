using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using AsyncApi.Fetching;

namespace AsyncApi.Fetches.Running;

/// <summary>The fetches that run in this process, for what only they know, and for those who change them.</summary>
internal sealed class LiveFetches
{
    private readonly ConcurrentDictionary<Guid, LiveFetch> _live = new();

    /// <summary>Those that run now.</summary>
    public IReadOnlyCollection<KeyValuePair<Guid, LiveFetch>> All => _live.IsEmpty ? [] : _live.ToArray();

    public LiveFetch? Find(Guid id) => _live.GetValueOrDefault(id);

    public void Enter(Guid id, LiveFetch fetch) => _live[id] = fetch;

    public void Leave(Guid id) => _live.TryRemove(id, out _);
}

[SuppressMessage("Design", "CA1001", Justification = "A change may be on its way while the run ends; the semaphore holds nothing but memory.")]
internal sealed class LiveFetch(FetchRun run, Guid id, FetchStore fetches)
{
    private readonly SemaphoreSlim _refreshing = new(1, 1);

    /// <summary>The changes that are in force.</summary>
    public int Revision { get; private set; }

    /// <summary>In flight, or over and not yet written down.</summary>
    public int InFlight => Running + Unread;

    public int Running => run.Running;

    /// <summary>Between two attempts.</summary>
    public int Retrying => run.Retrying;

    /// <summary>Over and not yet written down.</summary>
    public int Unread => run.Unread;

    /// <summary>Why those that are not in flight are not.</summary>
    public Task<FetchWaiting> GetWaitingAsync() => run.GetWaitingAsync();

    /// <summary>Takes over what was changed in the rows. One at a time, or of two changes the older could win.</summary>
    public async Task RefreshAsync(CancellationToken token)
    {
        await _refreshing.WaitAsync(token);
        try
        {
            if (await fetches.FindAsync(id, token) is { } record)
            {
                run.Change(EngineTerms.LimitsOf(FetchViews.ReadOptions(record.Fetch), record.Job.Priority));
                Revision = record.Fetch.Revision;
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }
}
