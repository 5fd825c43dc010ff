using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Input;
using AsyncApi.Http.Streams;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Results;

/// <summary>A form in which results are streamed.</summary>
internal abstract class ResultSink
{
    public abstract void Write(ResultShown shown);

    /// <summary>Sends the results of a segment that stand behind a place, waiting for a slow reader. False when the reader has left.</summary>
    public abstract ValueTask<bool> SendAsync(ResultSegment segment, int place, CancellationToken token);

    /// <summary>Sends what was written, waiting for a slow reader. False when the reader has left.</summary>
    public abstract ValueTask<bool> FlushAsync(CancellationToken token);

    /// <summary>Waits for other news than those that were seen or for the reader to leave, keeping the connection alive meanwhile.</summary>
    public abstract ValueTask WaitAsync(TailReader tail, TailNews seen, CancellationToken token);

    /// <summary>Says that everything was sent.</summary>
    public abstract Task EndAsync(FetchRecord record, CancellationToken token);
}

/// <summary>One result a line, and an end record.</summary>
internal sealed class LineSink(NdjsonWriter writer, FetchViews views) : ResultSink
{
    public override void Write(ResultShown shown) => writer.WriteLine(shown, ResultJson.Write);

    public override ValueTask<bool> SendAsync(ResultSegment segment, int place, CancellationToken token) =>
        writer.SendLinesAsync(segment.LinesBehind(place), token);

    public override ValueTask<bool> FlushAsync(CancellationToken token) => writer.FlushAsync(token);

    public override ValueTask WaitAsync(TailReader tail, TailNews seen, CancellationToken token) => tail.WaitAsync(seen, Timeout.InfiniteTimeSpan);

    public override async Task EndAsync(FetchRecord record, CancellationToken token) =>
        await writer.EndAsync((record.Job.Status, Counts: views.CountsOf(record)), static (json, end) =>
        {
            json.WriteString("status", EnumNames<JobStatus>.Of(end.Status));
            json.WritePropertyName("counts");
            JsonSerializer.Serialize(json, end.Counts, JsonDefaults.Options);
        }, token);
}
