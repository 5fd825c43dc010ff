using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Streams;

namespace AsyncApi.Fetches.Results;

/// <summary>One result an event, the counts now and then, and the whole fetch at the end.</summary>
internal sealed class EventSink(SseWriter writer, SharedTail tail, FetchViews views, TimeProvider time) : ResultSink
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private long? _lastProgress;
    private bool _owesProgress = true;

    public override void Write(ResultShown shown)
    {
        writer.Write(shown.Row.Seq, "result", shown, ResultJson.Write);
        _owesProgress = true;
    }

    public override async ValueTask<bool> SendAsync(ResultSegment segment, int place, CancellationToken token)
    {
        _owesProgress = true;
        return await writer.SendEventsAsync(segment.EventsBehind(place), token) && (UntilProgress() > TimeSpan.Zero || await FlushAsync(token));
    }

    public override async ValueTask<bool> FlushAsync(CancellationToken token)
    {
        if (OwesProgressNow)
            await WriteProgressAsync(token);
        return await writer.FlushAsync(token);
    }

    public override async ValueTask WaitAsync(TailReader reader, TailNews seen, CancellationToken token)
    {
        long silentSince = time.GetTimestamp();
        while (reader.News == seen)
        {
            token.ThrowIfCancellationRequested();
            TimeSpan untilBeat = SseWriter.HeartbeatInterval - time.GetElapsedTime(silentSince);
            if (OwesProgressNow || untilBeat <= TimeSpan.Zero)
            {
                if (!OwesProgressNow)
                    writer.WriteHeartbeat();
                await FlushAsync(token);
                silentSince = time.GetTimestamp();
            }
            else
            {
                // The counts behind the last results of a burst are not left out, only late.
                await reader.WaitAsync(seen, _owesProgress ? UntilProgress() : untilBeat);
            }
        }
    }

    // Its id is the last seq even when a filter held that result back: who comes back with it has seen everything.
    public override async Task EndAsync(FetchRecord record, CancellationToken token)
    {
        writer.Write(record.Fetch.LastSeq, "end", await views.ShowAsync(record), Serialize);
        await writer.FlushAsync(token);
    }

    private bool OwesProgressNow => _owesProgress && UntilProgress() <= TimeSpan.Zero;

    private async Task WriteProgressAsync(CancellationToken token)
    {
        (_lastProgress, _owesProgress) = (time.GetTimestamp(), false);
        if (await tail.ReadCountsAsync().WaitAsync(token) is { } counts)
            writer.Write(null, "progress", counts, Serialize);
    }

    private TimeSpan UntilProgress()
    {
        TimeSpan left = _lastProgress is { } last ? ProgressInterval - time.GetElapsedTime(last) : TimeSpan.Zero;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static void Serialize<T>(Utf8JsonWriter json, T value) => JsonSerializer.Serialize(json, value, JsonDefaults.Options);
}
