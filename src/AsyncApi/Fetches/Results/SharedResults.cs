using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Results;

/// <summary>
/// What many readers of one fetch want at the same time is read once. Each of a thousand readers would else read and encode the same
/// rows after each commit.
/// </summary>
internal sealed class SharedResults(ResultReader reader, FetchStore fetches, FetchViews views, JobSignals signals, TimeProvider time)
    : IAsyncDisposable
{
    private readonly Dictionary<long, SharedTail> _tails = [];
    private readonly Dictionary<SharedTail, Task> _followed = [];
    private int _readers;

    public TimeProvider Time => time;

    /// <summary>Those who read now.</summary>
    public int Count => Volatile.Read(ref _readers);

    /// <summary>Begin to read with others; dispose to end.</summary>
    /// <param name="record">The fetch, as it was read a moment ago.</param>
    /// <param name="token">Wakes this reader when he has left.</param>
    public TailReader Enter(FetchRecord record, CancellationToken token)
    {
        lock (_tails)
        {
            if (!_tails.TryGetValue(record.Fetch.Key, out SharedTail? tail))
            {
                _tails.Add(record.Fetch.Key, tail = new SharedTail(record, this));
                _followed.Add(tail, Task.Run(() => FollowAsync(tail), CancellationToken.None));
            }

            tail.Readers++;
            _readers++;
            return new TailReader(tail, token);
        }
    }

    /// <summary>Ends what is still read, when nobody is there any more to read it.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] followed;
        lock (_tails)
        {
            followed = [.. _followed.Values];
            foreach (SharedTail tail in _followed.Keys)
            {
                tail.Abandon();
            }
        }

        await Task.WhenAll(followed);
    }

    internal JobWatch Watch(Guid id) => signals.Watch(id);

    internal Task<ResultSlice> ReadAsync(long fetchKey, int place) =>
        reader.ReadAsync(fetchKey, ResultQuery.All, place, ResultReader.MaxSlice, CancellationToken.None);

    internal Task<FetchRecord?> FindAsync(Guid id) => fetches.FindAsync(id, CancellationToken.None);

    internal FetchCounts CountsOf(FetchRecord record) => views.CountsOf(record);

    internal void Leave(SharedTail tail)
    {
        lock (_tails)
        {
            _readers--;
            if (--tail.Readers == 0)
            {
                Remove(tail);
                tail.Abandon();
            }
        }
    }

    /// <summary>Whoever comes from now on gets another one.</summary>
    internal void Forget(SharedTail tail)
    {
        lock (_tails)
        {
            Remove(tail);
        }
    }

    private async Task FollowAsync(SharedTail tail)
    {
        await tail.FollowAsync();
        lock (_tails)
        {
            _followed.Remove(tail);
        }
    }

    private void Remove(SharedTail tail)
    {
        if (_tails.TryGetValue(tail.FetchKey, out SharedTail? current) && current == tail)
        {
            _tails.Remove(tail.FetchKey);
        }
    }
}
