namespace AsyncApi.Fetches.Results;

/// <summary>
/// Streams the results of a fetch: all so far, then each new one, until the fetch is over. A stream is a view of stored rows, so
/// that there can be any number of them; none loses or repeats a result, however slow its reader is.
/// </summary>
internal sealed class ResultStreams(ResultReader reader, ResultBodies bodies)
{
    /// <summary>More than this does not wait in memory for the rest of its slice.</summary>
    public const int FlushAfterBytes = 64 * 1024;

    private const int RowBytes = 512;

    /// <summary>Ends with the end record, or without one when the reader has left or the fetch was deleted.</summary>
    public async Task WriteAsync(long fetchKey, ResultQuery query, TailReader tail, ResultSink sink, CancellationToken token)
    {
        bool written = query with { After = null } == ResultQuery.All
            ? await WriteSharedAsync(tail, query.Start, sink, token)
            : await WriteOwnAsync(fetchKey, query, tail, sink, token);
        if (written && await tail.Tail.ReadFinalAsync().WaitAsync(token) is { } final)
            await sink.EndAsync(final, token);
    }

    /// <summary>Plain results, which every reader gets in the same form. False when the reader has left or the fetch was deleted.</summary>
    private static async Task<bool> WriteSharedAsync(TailReader tail, int place, ResultSink sink, CancellationToken token)
    {
        while (true)
        {
            token.ThrowIfCancellationRequested();
            TailNews news = tail.News.OrThrow();
            if (place < news.End)
            {
                ResultSegment segment = await tail.Tail.ReadAsync(place);
                EncodedPiece piece = sink.PieceOf(segment, place);
                if (piece.Count == 0 || !await sink.SendAsync(piece.Bytes, token))
                    return false;
                place += piece.Count;
            }
            else if (news.IsOver)
            {
                return await sink.FlushAsync(token);
            }
            else
            {
                await sink.WaitAsync(tail, news, token);
            }
        }
    }

    /// <summary>What this reader alone wants. False when the reader has left.</summary>
    private async Task<bool> WriteOwnAsync(long fetchKey, ResultQuery query, TailReader tail, ResultSink sink, CancellationToken token)
    {
        int place = query.Start;
        while (true)
        {
            token.ThrowIfCancellationRequested();
            TailNews news = tail.News.OrThrow();
            ResultSlice slice = await reader.ReadAsync(fetchKey, query, place, ResultReader.MaxSlice, token);
            place = slice.Place;
            if (!await WriteAsync(slice.Rows, query, sink, token))
                return false;
            if (!slice.AtEnd)
                continue;
            if (slice.Over)
                return true;
            while (tail.News == news)
            {
                token.ThrowIfCancellationRequested();
                await sink.WaitAsync(tail, news, token);
            }
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
