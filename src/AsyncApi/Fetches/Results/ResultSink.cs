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

    /// <summary>The results of a segment behind a place, or the first of them, in this form.</summary>
    public abstract EncodedPiece PieceOf(ResultSegment segment, int place);

    /// <summary>Sends such results, waiting for a slow reader. False when the reader has left.</summary>
    public abstract ValueTask<bool> SendAsync(ReadOnlyMemory<byte> results, CancellationToken token);

    /// <summary>Sends what was written, waiting for a slow reader. False when the reader has left.</summary>
    public abstract ValueTask<bool> FlushAsync(CancellationToken token);

    /// <summary>
    /// Says what is due by the clock, or else waits for other news than those that were seen, for the reader to leave or for something to be
    /// due: to be called until there are other news.
    /// </summary>
    public abstract ValueTask WaitAsync(TailReader tail, TailNews seen, CancellationToken token);

    /// <summary>Says that everything was sent.</summary>
    public abstract Task EndAsync(FetchRecord record, CancellationToken token);
}

/// <summary>One result a line, and an end record.</summary>
internal sealed class LineSink(NdjsonWriter writer, FetchViews views) : ResultSink
{
    public override void Write(ResultShown shown) => writer.WriteLine(shown, ResultJson.Write);

    public override EncodedPiece PieceOf(ResultSegment segment, int place) => segment.LinesBehind(place);

    public override ValueTask<bool> SendAsync(ReadOnlyMemory<byte> results, CancellationToken token) => writer.SendLinesAsync(results, token);

    public override ValueTask<bool> FlushAsync(CancellationToken token) => writer.FlushAsync(token);

    public override ValueTask WaitAsync(TailReader tail, TailNews seen, CancellationToken token) => tail.WaitAsync(seen);

    public override async Task EndAsync(FetchRecord record, CancellationToken token) =>
        await writer.EndAsync((record.Job.Status, Counts: views.CountsOf(record)), static (json, end) =>
        {
            json.WriteString("status", EnumNames<JobStatus>.Of(end.Status));
            json.WritePropertyName("counts");
            JsonSerializer.Serialize(json, end.Counts, JsonDefaults.Options);
        }, token);
}
