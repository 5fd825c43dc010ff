using System.IO.Pipelines;
using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Paging;

namespace AsyncApi.Fetches.Results;

/// <summary>Reads pages of results, and writes them so that bodies are in memory one at a time, not a page of them.</summary>
internal sealed class ResultPages(ResultReader reader, ResultBodies bodies)
{
    /// <summary>One page: a cursor carries its order, so that it is never misread in the other.</summary>
    public async Task<Page<ResultRow>> ReadAsync(long fetchKey, ResultQuery query, PageRequest page, CancellationToken token)
    {
        List<ResultRow> rows = [];
        int place = page.After is { } after ? (int)after.Second : query.Start;
        bool atEnd = false;
        // One more than asked for: it only says that there is a next page.
        while (!atEnd && rows.Count <= page.Limit)
        {
            int limit = Math.Min(page.Limit + 1 - rows.Count, ResultReader.MaxSlice);
            ResultSlice slice = await reader.ReadAsync(fetchKey, query, place, limit, token);
            rows.AddRange(slice.Rows);
            (place, atEnd) = (slice.Place, slice.AtEnd);
        }

        return Page.Of(rows, page, row => Cursor.Of((long)query.Order, query.PlaceOf(row)));
    }

    /// <summary>Whether a cursor of results was made in this order.</summary>
    public static bool Fits(Cursor cursor, ResultOrder order) =>
        cursor.First == (long)order && cursor.Second is >= 0 and <= RowKey.MaxNumber;

    /// <summary>Writes the page as JSON.</summary>
    public async Task WriteAsync(PipeWriter output, Page<ResultRow> page, ResultQuery query, CancellationToken token)
    {
        await using Utf8JsonWriter json = new(output, JsonDefaults.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("items");
        foreach (ResultRow row in page.Items)
        {
            ResultJson.Write(json, await ShowAsync(row, query, token));
            await json.FlushAsync(token);
            if (output.UnflushedBytes > ResultStreams.FlushAfterBytes)
                await output.FlushAsync(token);
        }

        json.WriteEndArray();
        json.WriteString("nextCursor", page.NextCursor);
        json.WriteEndObject();
        await json.FlushAsync(token);
        await output.FlushAsync(token);
    }

    /// <summary>Writes one result as JSON.</summary>
    public async Task WriteAsync(PipeWriter output, ResultRow row, ResultQuery query, CancellationToken token)
    {
        await using Utf8JsonWriter json = new(output, JsonDefaults.WriterOptions);
        ResultJson.Write(json, await ShowAsync(row, query, token));
        await json.FlushAsync(token);
        await output.FlushAsync(token);
    }

    private async ValueTask<ResultShown> ShowAsync(ResultRow row, ResultQuery query, CancellationToken token) =>
        new(row, query.IncludesBody ? await bodies.ReadAsync(row, token) : null, query);
}
