namespace AsyncApi.Fetches.Results;

/// <summary>
/// What many readers of one fetch want at the same time is read once. Each of a thousand readers would else read and encode the same
/// rows after each commit.
/// </summary>
internal sealed class SharedResults(ResultReader reader, FetchStore fetches, FetchViews views, TimeProvider time)
{
    private readonly Dictionary<long, SharedTail> _tails = [];

    /// <summary>Begin to read with others; dispose to end.</summary>
    public SharedTail Enter(FetchRecord record)
    {
        lock (_tails)
        {
            if (!_tails.TryGetValue(record.Fetch.Key, out SharedTail? tail))
            {
                _tails.Add(record.Fetch.Key, tail = new SharedTail(record, this));
            }

            tail.Readers++;
            return tail;
        }
    }

    internal Task<ResultSlice> ReadAsync(long fetchKey, int place) =>
        reader.ReadAsync(fetchKey, ResultQuery.All, place, ResultReader.MaxSlice, CancellationToken.None);

    internal async Task<FetchCounts?> ReadCountsAsync(Guid id) =>
        await fetches.FindAsync(id, CancellationToken.None) is { } record ? views.CountsOf(record) : null;

    internal bool IsFresh(long readAt) => time.GetElapsedTime(readAt) < SharedTail.CountsAge;

    internal long Now => time.GetTimestamp();

    internal void Leave(SharedTail tail)
    {
        lock (_tails)
        {
            if (--tail.Readers == 0)
            {
                _tails.Remove(tail.FetchKey);
            }
        }
    }
}

/// <summary>The last segments of one fetch, for those who read it now.</summary>
internal sealed class SharedTail(FetchRecord record, SharedResults all) : IDisposable
{
    /// <summary>How old the counts may be that a reader gets.</summary>
    public static readonly TimeSpan CountsAge = TimeSpan.FromMilliseconds(100);

    // Those who are further behind read for themselves, and whoever is as far behind joins them.
    private const int Kept = 8;

    private readonly Queue<ResultSegment> _segments = new(Kept);
    private Reading? _reading;
    private Task<FetchCounts?>? _counts;
    private long _countsReadAt;

    public long FetchKey { get; } = record.Fetch.Key;

    /// <summary>Guarded by <see cref="SharedResults"/>.</summary>
    public int Readers { get; set; }

    /// <summary>
    /// The results behind a place, which may begin before it; none when it has no more. Whether that is all there is holds for one who took
    /// <paramref name="news"/> before asking, as <see cref="ResultSegment.News"/> tells.
    /// </summary>
    public async Task<ResultSegment> ReadAsync(int place, Task news)
    {
        Reading reading;
        bool mine = false;
        lock (_segments)
        {
            foreach (ResultSegment segment in _segments)
            {
                if (segment.From <= place && place < segment.Place)
                {
                    return segment;
                }
            }

            // A reading that began before this caller's news were the next ones may miss what he was woken for.
            if (_reading is null || _reading.Place != place || _reading.News != news)
            {
                _reading = new Reading(place, news);
                mine = true;
            }

            reading = _reading;
        }

        if (mine)
        {
            await ReadAsync(reading);
        }

        return await reading.Done.Task;
    }

    /// <summary>The fetch's counts, as of a moment ago; null when it was deleted.</summary>
    public Task<FetchCounts?> ReadCountsAsync()
    {
        lock (_segments)
        {
            if (_counts is null || _counts.IsFaulted || !all.IsFresh(_countsReadAt))
            {
                _countsReadAt = all.Now;
                // Not begun here: SQLite's part of it blocks, and others want this lock.
                _counts = Task.Run(() => all.ReadCountsAsync(record.Job.Id));
            }

            return _counts;
        }
    }

    public void Dispose() => all.Leave(this);

    // No token: whoever asked first may leave, the others still want it.
    private async Task ReadAsync(Reading reading)
    {
        try
        {
            ResultSlice slice = await all.ReadAsync(FetchKey, reading.Place);
            ResultSegment segment = new(reading.Place, slice, reading.News);
            lock (_segments)
            {
                Keep(segment);
                _reading = _reading == reading ? null : _reading;
            }

            reading.Done.SetResult(segment);
        }
#pragma warning disable CA1031 // Everyone who waits for it meets the failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            lock (_segments)
            {
                _reading = _reading == reading ? null : _reading;
            }

            reading.Done.SetException(failure);
        }
    }

    private void Keep(ResultSegment segment)
    {
        if (segment.Place > segment.From)
        {
            if (_segments.Count == Kept)
            {
                _segments.Dequeue();
            }

            _segments.Enqueue(segment);
        }
    }

    private sealed record Reading(int Place, Task News)
    {
        public TaskCompletionSource<ResultSegment> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
