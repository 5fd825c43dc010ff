namespace AsyncApi.Fetches.Results;

/// <summary>The last segments of one fetch. Places further back are read once for all who want them at the same time.</summary>
internal sealed class TailSegments(long fetchKey, SharedResults all)
{
    // Those who are further behind read for themselves, and whoever is as far behind joins them.
    private const int Kept = 8;

    private readonly Lock _lock = new();
    private readonly Queue<ResultSegment> _segments = new(Kept);
    private Reading? _reading;

    /// <summary>The results behind a place, which may begin before it.</summary>
    public async ValueTask<ResultSegment> ReadAsync(int place)
    {
        Reading reading;
        bool mine = false;
        lock (_lock)
        {
            foreach (ResultSegment segment in _segments)
            {
                if (segment.From <= place && place < segment.Place)
                {
                    return segment;
                }
            }

            if (_reading is null || _reading.Place != place)
            {
                _reading = new Reading(place);
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

    public void Keep(ResultSegment segment)
    {
        if (segment.Place == segment.From)
        {
            return;
        }

        lock (_lock)
        {
            if (_segments.Count == Kept)
            {
                _segments.Dequeue();
            }

            _segments.Enqueue(segment);
        }
    }

    // No token: whoever asked first may leave, the others still want it.
    private async Task ReadAsync(Reading reading)
    {
        try
        {
            ResultSlice slice = await all.ReadAsync(fetchKey, reading.Place);
            ResultSegment segment = new(reading.Place, slice.Rows);
            Keep(segment);
            Forget(reading);
            reading.Done.SetResult(segment);
        }
#pragma warning disable CA1031 // Everyone who waits for it meets the failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Forget(reading);
            reading.Done.SetException(failure);
        }
    }

    private void Forget(Reading reading)
    {
        lock (_lock)
        {
            _reading = _reading == reading ? null : _reading;
        }
    }

    private sealed record Reading(int Place)
    {
        public TaskCompletionSource<ResultSegment> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
