using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Results;

/// <summary>
/// Streams the results of a fetch: all so far, then each new one, until the fetch is over. A stream is a view of stored rows, so
/// that there can be any number of them; none loses or repeats a result, however slow its reader is.
/// </summary>
internal sealed class ResultStreams(FetchStore fetches, ResultReader reader, ResultBodies bodies, JobSignals signals)
{
    /// <summary>More than this does not wait in memory for the rest of its slice.</summary>
    public const int FlushAfterBytes = 64 * 1024;

    private const int RowBytes = 512;

    /// <summary>Ends with the end record, or without one when the reader has left or the fetch was deleted.</summary>
    public async Task WriteAsync(FetchRecord record, ResultQuery query, ResultSink sink, CancellationToken token)
    {
        using JobWatch watch = signals.Watch(record.Job.Id);
        int place = query.Start;
        while (true)
        {
            Task news = watch.Next;
            ResultSlice slice = await reader.ReadAsync(record.Fetch.Key, query, place, ResultReader.MaxSlice, token);
            place = slice.Place;
            if (!await WriteAsync(slice.Rows, query, sink, token))
                return;
            if (!slice.AtEnd)
                continue;
            if (slice.Over)
                break;
            await sink.WaitAsync(news, token);
        }

        if (await fetches.FindAsync(record.Job.Id, token) is { } final)
            await sink.EndAsync(final, token);
    }

    private async Task<bool> WriteAsync(IReadOnlyList<ResultRow> rows, ResultQuery query, ResultSink sink, CancellationToken token)
    {
        long written = 0;
        foreach (ResultRow row in rows)
        {
            byte[]? body = query.IncludesBody ? await bodies.ReadAsync(row, token) : null;
            sink.Write(new ResultShown(row, body, query));
            written += RowBytes + (row.Headers?.Length ?? 0) + (body?.Length ?? 0);
            if (written < FlushAfterBytes)
                continue;
            written = 0;
            if (!await sink.FlushAsync(token))
                return false;
        }

        return await sink.FlushAsync(token);
    }
}
