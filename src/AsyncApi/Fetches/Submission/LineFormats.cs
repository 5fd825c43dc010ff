using System.Buffers;
using AsyncApi.Http.Streams;
using Microsoft.Net.Http.Headers;

namespace AsyncApi.Fetches.Submission;

/// <summary>The two forms of a submission by lines.</summary>
internal enum LineFormat
{
    UriList,
    Ndjson,
}

internal static class LineFormats
{
    public const string UriList = "text/uri-list";

    /// <summary>What a submission may come as.</summary>
    public static readonly string[] AndJson = [Http.Input.JsonBody.MediaType, UriList, NdjsonWriter.MediaType, NdjsonWriter.OtherMediaType];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static LineFormat? Of(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type))
        {
            return null;
        }

        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            UriList => LineFormat.UriList,
            NdjsonWriter.MediaType or NdjsonWriter.OtherMediaType => LineFormat.Ndjson,
            _ => null,
        };
    }

    /// <summary>Of a file: by its content type where that says it, else by its name.</summary>
    public static LineFormat OfFile(string contentType, string name) =>
        Of(contentType) ?? (Path.GetExtension(name).ToLowerInvariant() is ".ndjson" or ".jsonl" ? LineFormat.Ndjson : LineFormat.UriList);

    /// <summary>Without the carriage return of its end, and without a byte order mark at the body's start.</summary>
    public static ReadOnlySequence<byte> Trim(ReadOnlySequence<byte> line, bool isFirst)
    {
        if (!line.IsEmpty && line.Slice(line.Length - 1).FirstSpan[0] == (byte)'\r')
        {
            line = line.Slice(0, line.Length - 1);
        }

        if (isFirst && line.Length >= ByteOrderMark.Length)
        {
            Span<byte> start = stackalloc byte[ByteOrderMark.Length];
            line.Slice(0, ByteOrderMark.Length).CopyTo(start);
            line = start.SequenceEqual(ByteOrderMark) ? line.Slice(ByteOrderMark.Length) : line;
        }

        return line;
    }
}
