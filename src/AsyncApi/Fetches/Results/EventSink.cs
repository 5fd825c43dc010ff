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

    public override void WriteShared(ResultSegment segment, int place)
    {
        writer.WriteEvents(segment.EventsBehind(place));
        _owesProgress = true;
    }

    public override async ValueTask<bool> FlushAsync(CancellationToken token)
    {
        if (_owesProgress && UntilProgress() <= TimeSpan.Zero)
            await WriteProgressAsync(token);
        return await writer.FlushAsync(token);
    }

    public override async Task WaitAsync(Task news, CancellationToken token)
    {
        while (!news.IsCompleted)
        {
            // The counts behind the last results of a burst are not left out, only late.
            Task<Task> wake = _owesProgress ? Task.WhenAny(news, Task.Delay(UntilProgress(), time, token)) : Task.WhenAny(news);
            await writer.WaitAsync(wake, token);
            if (!news.IsCompleted)
                await FlushAsync(token);
        }
    }

    // Its id is the last seq even when a filter held that result back: who comes back with it has seen everything.
    public override async Task EndAsync(FetchRecord record, CancellationToken token)
    {
        writer.Write(record.Fetch.LastSeq, "end", await views.ShowAsync(record), Serialize);
        await writer.FlushAsync(token);
    }

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
