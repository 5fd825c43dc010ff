namespace AsyncApi.Fetches.Results;

/// <summary>The last results of one fetch, in segments. Those further back are read once for all who want them at the same time.</summary>
internal sealed class TailSegments(long fetchKey, SharedResults all)
{
    // Results, besides the newest segment's. There may be many fetches that are read.
    private const int MostKept = 8 * ResultReader.MaxSlice;

    private readonly Lock _lock = new();
    private readonly Queue<ResultSegment> _kept = [];
    private readonly Dictionary<int, TaskCompletionSource<ResultSegment>> _readings = [];
    private ResultSegment? _newest;
    private int _keptResults;

    /// <summary>The results behind a place, which may begin before it.</summary>
    public async ValueTask<ResultSegment> ReadAsync(int place)
    {
        // Readers stand at places of their own, and all who are as far behind want the same segment.
        int from = place - (place % ResultReader.MaxSlice);
        TaskCompletionSource<ResultSegment>? reading;
        bool mine = false;
        lock (_lock)
        {
            if (Find(place) is { } known)
            {
                return known;
            }

            if (!_readings.TryGetValue(from, out reading))
            {
                _readings.Add(from, reading = new(TaskCreationOptions.RunContinuationsAsynchronously));
                mine = true;
            }
        }

        if (mine)
        {
            await ReadAsync(from, reading);
        }

        return await reading.Task;
    }

    /// <summary>The next results. They come in small pieces: the newest segment grows by them, so that a reader gets several at once.</summary>
    public void Add(int from, IReadOnlyList<ResultRow> rows)
    {
        lock (_lock)
        {
            if (_newest is null || _newest.Place != from || _newest.Count + rows.Count > ResultReader.MaxSlice)
            {
                Keep(_newest);
                _newest = new ResultSegment(from, _newest?.BlockBytes ?? EncodedResults.SmallestBlock);
            }

            _newest.Add(rows);
        }
    }

    private ResultSegment? Find(int place)
    {
        if (_newest?.Holds(place) == true)
        {
            return _newest;
        }

        foreach (ResultSegment segment in _kept)
        {
            if (segment.Holds(place))
            {
                return segment;
            }
        }

        return null;
    }

    private void Keep(ResultSegment? segment)
    {
        if (segment is { Count: > 0 })
        {
            _kept.Enqueue(segment);
            _keptResults += segment.Count;
            while (_keptResults > MostKept)
            {
                _keptResults -= _kept.Dequeue().Count;
            }
        }
    }

    // No token: whoever asked first may leave, the others still want it.
    private async Task ReadAsync(int from, TaskCompletionSource<ResultSegment> reading)
    {
        try
        {
            ResultSlice slice = await all.ReadAsync(fetchKey, from);
            ResultSegment segment = new(from, EncodedResults.LargestBlock);
            segment.Add(slice.Rows);
            Forget(from, segment);
            reading.SetResult(segment);
        }
#pragma warning disable CA1031 // Everyone who waits for it meets the failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Forget(from, read: null);
            reading.SetException(failure);
        }
    }

    private void Forget(int from, ResultSegment? read)
    {
        lock (_lock)
        {
            _readings.Remove(from);
            Keep(read);
        }
    }
}
