using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using AsyncApi.Fetching;
using AsyncApi.Http;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches.Results;

/// <summary>Writes the results that are there as a table (RFC 4180).</summary>
internal sealed class ResultCsv(ResultReader reader)
{
    public const string MediaType = "text/csv";

    private const string Header =
        "seq,index,tag,method,url,finalUrl,outcome,status,reason,message,attempts,startedAt,durationMs,waitedMs,contentType,bodyBytes,bodyTruncated\r\n";

    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");

    // By these a spreadsheet takes a cell for a formula, also when they stand behind a control that it drops.
    private static readonly SearchValues<char> Dangerous = SearchValues.Create("=+-@\t\r\n");

    /// <summary>Writes the table, waiting for a slow reader without holding anything. False when the reader has left.</summary>
    public async Task<bool> WriteAsync(PipeWriter output, long fetchKey, ResultQuery query, CancellationToken token)
    {
        StringBuilder text = new(Header);
        int place = query.Start;
        bool atEnd = false;
        while (!atEnd)
        {
            ResultSlice slice = await reader.ReadAsync(fetchKey, query, place, ResultReader.MaxSlice, token);
            (place, atEnd) = (slice.Place, slice.AtEnd);
            foreach (ResultRow row in slice.Rows)
                AppendRow(text, row);
            foreach (ReadOnlyMemory<char> chunk in text.GetChunks())
                Encoding.UTF8.GetBytes(chunk.Span, output);
            text.Clear();
            FlushResult flushed = await output.FlushAsync(token);
            if (flushed.IsCompleted || flushed.IsCanceled)
                return false;
        }

        return true;
    }

    private static void AppendRow(StringBuilder text, ResultRow row)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"{row.Seq},{row.Index},");
        AppendCell(text, row.Tag).Append(',');
        AppendCell(text, row.Method).Append(',');
        AppendCell(text, row.Url).Append(',');
        AppendCell(text, row.FinalUrl ?? row.Url).Append(',');
        text.Append(EnumNames<FetchOutcome>.Of(row.Outcome)).Append(',');
        text.Append(row.Status == 0 ? "" : row.Status.ToString(culture)).Append(',');
        text.Append(row.Reason == FetchReason.None ? "" : EnumNames<FetchReason>.Of(row.Reason)).Append(',');
        AppendCell(text, row.Message);
        text.Append(culture, $",{row.Attempts},{(row.StartedAt is { } startedAt ? Timestamp.Format(startedAt) : "")},");
        text.Append(culture, $"{ResultJson.Milliseconds(row.DurationMicroseconds)},{ResultJson.Milliseconds(row.WaitedMicroseconds)},");
        AppendCell(text, row.ContentType);
        text.Append(culture, $",{row.BodyBytes},{(row.BodyTruncated ? "true" : "false")}\r\n");
    }

    private static StringBuilder AppendCell(StringBuilder text, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return text;
        string cell = Dangerous.Contains(value[0]) ? $"'{value}" : value;
        return cell.AsSpan().ContainsAny(NeedQuotes)
            ? text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"')
            : text.Append(cell);
    }
}
