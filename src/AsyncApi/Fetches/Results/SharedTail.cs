using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Results;

/// <summary>The last segments of one fetch, for those who read it now, who are woken when there is another one.</summary>
internal sealed class SharedTail(FetchRecord record, SharedResults all)
{
    /// <summary>How old the counts may be that a reader gets.</summary>
    public static readonly TimeSpan CountsAge = TimeSpan.FromMilliseconds(100);

    // A send costs that much or more whatever it carries: the more readers, the more results go with each.
    private static readonly TimeSpan RestForEach = TimeSpan.FromMicroseconds(15);
    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MostRest = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly TailSegments _segments = new(record.Fetch.Key, all);
    private readonly TaskCompletionSource _abandoned = JobSignals.NewSignal();
    private List<TailReader> _waiting = [];
    private List<TailReader> _spare = [];
    private TailNews _news = new(record.Fetch.LastSeq, isOver: false);
    private Task<FetchCounts?>? _counts;
    private Task<FetchRecord?>? _final;
    private long _countsReadAt;

    public long FetchKey { get; } = record.Fetch.Key;

    /// <summary>Guarded by <see cref="SharedResults"/>.</summary>
    public int Readers { get; set; }

    public TailNews News => Volatile.Read(ref _news);

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

    /// <summary>Reads what is new for all, until the fetch is over or nobody reads it any more.</summary>
    public async Task FollowAsync()
    {
        try
        {
            using JobWatch watch = all.Watch(record.Job.Id);
            while (!News.IsOver && !_abandoned.Task.IsCompleted)
            {
                Task change = watch.Next;
                ResultSlice slice = await all.ReadAsync(FetchKey, News.End);
                ResultSegment segment = new(News.End, slice.Rows);
                bool over = slice is { AtEnd: true, Over: true };
                if (over || slice.Rows.Count > 0)
                {
                    _segments.Keep(segment);
                    await RestAsync(Publish(new TailNews(segment.Place, over)));
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
            Publish(new TailNews(News.End, isOver: false, failure));
        }
    }

    public void Abandon() => _abandoned.TrySetResult();

    internal bool TryQueue(TailReader reader, TailNews seen)
    {
        lock (_lock)
        {
            if (_news != seen)
            {
                return false;
            }

            if (!reader.IsQueued)
            {
                _waiting.Add(reader);
                reader.IsQueued = true;
            }

            return true;
        }
    }

    internal void Leave(TailReader reader)
    {
        lock (_lock)
        {
            if (reader.IsQueued)
            {
                _waiting.Remove(reader);
            }
        }

        all.Leave(this);
    }

    /// <summary>How many it woke.</summary>
    private int Publish(TailNews news)
    {
        List<TailReader> woken;
        lock (_lock)
        {
            Volatile.Write(ref _news, news);
            (woken, _waiting) = (_waiting, _spare);
            woken.ForEach(static reader => reader.IsQueued = false);
        }

        // One after the other in one go, which is far cheaper than each as a task of its own. What readers do at the end takes longer.
        woken.ForEach(reader => reader.Wake(onThisThread: !news.IsOver));
        int count = woken.Count;
        woken.Clear();
        _spare = woken;
        return count;
    }

    private Task RestAsync(int woken)
    {
        TimeSpan rest = RestForEach * woken;
        return rest < LeastRest ? Task.CompletedTask : Task.Delay(rest < MostRest ? rest : MostRest, all.Time);
    }
}
