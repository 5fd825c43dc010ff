using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Streams;

namespace AsyncApi.Fetches.Results;

/// <summary>One result an event, the counts now and then, and the whole fetch at the end.</summary>
internal sealed class EventSink(SseWriter writer, SharedTail tail, FetchViews views, TimeProvider time) : ResultSink
{
    public static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private long? _lastProgress;
    private bool _owesProgress = true;
    private long _silentSince = time.GetTimestamp();

    private bool IsProgressDue => _owesProgress && !(_lastProgress is { } last && time.GetElapsedTime(last) < ProgressInterval);

    // Who waits looks this often; the next look would be too late.
    private bool IsHeartbeatDue => time.GetElapsedTime(_silentSince) + TailReader.LongestWait > SseWriter.HeartbeatInterval;

    public override void Write(ResultShown shown)
    {
        writer.Write(shown.Row.Seq, "result", shown, ResultJson.Write);
        (_owesProgress, _silentSince) = (true, time.GetTimestamp());
    }

    public override EncodedPiece PieceOf(ResultSegment segment, int place) => segment.EventsBehind(place);

    public override async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> results, CancellationToken token)
    {
        (_owesProgress, _silentSince) = (true, time.GetTimestamp());
        // Results do not wait for counts: those that are read just now go with the next ones.
        if (!IsProgressDue || tail.ReadCountsAsync() is not { IsCompletedSuccessfully: true } counts)
            return await writer.SendEventsAsync(results, token);
        writer.WriteEvents(results.Span);
        WriteProgress(await counts);
        return await writer.FlushAsync(token);
    }

    public override async ValueTask<bool> FlushAsync(CancellationToken token)
    {
        if (IsProgressDue)
            WriteProgress(await tail.ReadCountsAsync().WaitAsync(token));
        return await writer.FlushAsync(token);
    }

    // Without a state machine for whoever only waits: a thousand readers do so fifty times a second.
    public override ValueTask WaitAsync(TailReader reader, TailNews seen, CancellationToken token) =>
        IsProgressDue || IsHeartbeatDue ? SpeakAsync(token) : reader.WaitAsync(seen);

    // Its id is the last seq even when a filter held that result back: who comes back with it has seen everything.
    public override async Task EndAsync(FetchRecord record, CancellationToken token)
    {
        writer.Write(record.Fetch.LastSeq, "end", await views.ShowAsync(record), Serialize);
        await writer.FlushAsync(token);
    }

    private async ValueTask SpeakAsync(CancellationToken token)
    {
        if (!IsProgressDue)
        {
            writer.WriteHeartbeat();
            _silentSince = time.GetTimestamp();
        }

        await FlushAsync(token);
    }

    private void WriteProgress(FetchCounts? counts)
    {
        long now = time.GetTimestamp();
        (_lastProgress, _owesProgress, _silentSince) = (now, false, now);
        if (counts is not null)
            writer.Write(null, "progress", counts, Serialize);
    }

    private static void Serialize<T>(Utf8JsonWriter json, T value) => JsonSerializer.Serialize(json, value, JsonDefaults.Options);
}
