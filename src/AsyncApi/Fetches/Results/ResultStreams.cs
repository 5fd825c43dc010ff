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
    public async Task WriteAsync(FetchRecord record, ResultQuery query, SharedTail tail, ResultSink sink, CancellationToken token)
    {
        using JobWatch watch = signals.Watch(record.Job.Id);
        bool written = query with { After = null } == ResultQuery.All
            ? await WriteSharedAsync(tail, query.Start, sink, watch, token)
            : await WriteOwnAsync(record.Fetch.Key, query, sink, watch, token);
        if (written && await fetches.FindAsync(record.Job.Id, token) is { } final)
            await sink.EndAsync(final, token);
    }

    /// <summary>Plain results, which every reader gets in the same form. False when the reader has left.</summary>
    private static async Task<bool> WriteSharedAsync(SharedTail tail, int place, ResultSink sink, JobWatch watch, CancellationToken token)
    {
        while (true)
        {
            Task news = watch.Next;
            ResultSegment segment = await tail.ReadAsync(place, news);
            if (place < segment.Place)
            {
                sink.WriteShared(segment, place);
                place = segment.Place;
            }

            if (!await sink.FlushAsync(token))
                return false;
            if (!segment.AtEnd || segment.News != news)
                continue;
            if (segment.IsOver)
                return true;
            await sink.WaitAsync(news, token);
        }
    }

    /// <summary>What this reader alone wants. False when the reader has left.</summary>
    private async Task<bool> WriteOwnAsync(long fetchKey, ResultQuery query, ResultSink sink, JobWatch watch, CancellationToken token)
    {
        int place = query.Start;
        while (true)
        {
            Task news = watch.Next;
            ResultSlice slice = await reader.ReadAsync(fetchKey, query, place, ResultReader.MaxSlice, token);
            place = slice.Place;
            if (!await WriteAsync(slice.Rows, query, sink, token))
                return false;
            if (!slice.AtEnd)
                continue;
            if (slice.Over)
                return true;
            await sink.WaitAsync(news, token);
        }
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
