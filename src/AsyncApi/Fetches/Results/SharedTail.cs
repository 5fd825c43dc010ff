using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Results;

/// <summary>The last segments of one fetch, for those who read it now, who are woken when there is another one.</summary>
internal sealed class SharedTail(FetchRecord record, SharedResults all)
{
    /// <summary>How old the counts may be that a reader gets.</summary>
    public static readonly TimeSpan CountsAge = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly TailSegments _segments = new(record.Fetch.Key, all);
    private readonly TaskCompletionSource _abandoned = JobSignals.NewSignal();
    private readonly TailQueue _queue = new(all.Time, new TailNews(record.Fetch.LastSeq, isOver: false));
    private Task<FetchCounts?>? _counts;
    private Task<FetchRecord?>? _final;
    private long _countsReadAt;

    public long FetchKey { get; } = record.Fetch.Key;

    /// <summary>Guarded by <see cref="SharedResults"/>.</summary>
    public int Readers { get; set; }

    public TailNews News => _queue.News;

    /// <summary>The results behind a place; none when the fetch was deleted.</summary>
    public ValueTask<ResultSegment> ReadAsync(int place) => _segments.ReadAsync(place);

    /// <summary>The fetch's counts, as of a moment ago; null when it was deleted.</summary>
    public Task<FetchCounts?> ReadCountsAsync()
    {
        lock (_lock)
        {
            if (_counts is null || _counts.IsFaulted || all.Time.GetElapsedTime(_countsReadAt) >= CountsAge)
            {
                _countsReadAt = all.Time.GetTimestamp();
                // Not begun here: SQLite's part of it blocks, and others want this lock.
                _counts = Task.Run(async () => await all.FindAsync(record.Job.Id) is { } now ? all.CountsOf(now) : null);
            }

            return _counts;
        }
    }

    /// <summary>The fetch as it is in the end, once it is over; null when it was deleted.</summary>
    public Task<FetchRecord?> ReadFinalAsync()
    {
        lock (_lock)
        {
            return _final ??= Task.Run(() => all.FindAsync(record.Job.Id));
        }
    }

    /// <summary>Reads what is new and wakes who waits for it, until the fetch is over or nobody reads it any more.</summary>
    public Task FollowAsync() => Task.WhenAll(ReadNewsAsync(), _queue.WakeAsync(_abandoned.Task));

    public void Abandon() => _abandoned.TrySetResult();

    internal bool TryQueue(TailReader reader, TailNews seen) => _queue.TryAdd(reader, seen);

    internal void Leave(TailReader reader)
    {
        _queue.Remove(reader);
        all.Leave(this);
    }

    private async Task ReadNewsAsync()
    {
        try
        {
            using JobWatch watch = all.Watch(record.Job.Id);
            while (!News.IsOver && !_abandoned.Task.IsCompleted)
            {
                Task change = watch.Next;
                ResultSlice slice = await all.ReadAsync(FetchKey, News.End);
                bool over = slice is { AtEnd: true, Over: true };
                if (over || slice.Rows.Count > 0)
                {
                    _segments.Add(News.End, slice.Rows);
                    _queue.Publish(new TailNews(News.End + slice.Rows.Count, over));
                }

                if (slice.AtEnd && !over)
                {
                    await Task.WhenAny(change, _abandoned.Task);
                }
            }
        }
#pragma warning disable CA1031 // All who read it meet the failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            all.Forget(this);
            _queue.Publish(new TailNews(News.End, isOver: false, failure));
        }
    }
}
