using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Streams;

namespace AsyncApi.Fetches.Results;

/// <summary>Some results in a row, read and encoded once for all who want them: every result from one place to another, plain.</summary>
internal sealed class ResultSegment
{
    private const int LineBytes = 384;

    private readonly IReadOnlyList<ResultRow> _rows;
    private readonly Lazy<Encoded> _lines;
    private readonly Lazy<Encoded> _events;

    /// <param name="from">The place behind which <paramref name="rows"/> were read, without filters.</param>
    /// <param name="rows">The results.</param>
    public ResultSegment(int from, IReadOnlyList<ResultRow> rows)
        : this(from, rows, null)
    {
    }

    private ResultSegment(int from, IReadOnlyList<ResultRow> rows, ResultSegment? begun)
    {
        (From, _rows) = (from, rows);
        // What is encoded already is copied: that is far cheaper, and readers still hold the old one.
        Encoded? lines = begun?._lines is { IsValueCreated: true } l ? l.Value : null;
        Encoded? events = begun?._events is { IsValueCreated: true } e ? e.Value : null;
        _lines = new Lazy<Encoded>(() => Encode(lines, static (_, _) => { }, "\n"u8));
        _events = new Lazy<Encoded>(() => Encode(events, WriteEventHead, "\n\n"u8));
    }

    /// <summary>The seq before its first result.</summary>
    public int From { get; }

    public int Count => _rows.Count;

    /// <summary>The seq of its last result.</summary>
    public int Place => From + Count;

    /// <summary>Whether it has results behind a place, with none missing.</summary>
    public bool Holds(int place) => From <= place && place < Place;

    /// <summary>The results behind a place as lines of JSON.</summary>
    public ReadOnlyMemory<byte> LinesBehind(int place) => _lines.Value.Behind(place - From);

    /// <summary>The results behind a place as server-sent events.</summary>
    public ReadOnlyMemory<byte> EventsBehind(int place) => _events.Value.Behind(place - From);

    /// <summary>This segment and the results behind it.</summary>
    public ResultSegment With(IReadOnlyList<ResultRow> more) => new(From, [.. _rows, .. more], this);

    [SuppressMessage("Usage", "MA0045", Justification = "Over a buffer writer, disposing only hands over the bytes; nothing waits.")]
    private Encoded Encode(Encoded? begun, Action<IBufferWriter<byte>, int> writeHead, ReadOnlySpan<byte> end)
    {
        int[] ends = new int[Count];
        begun?.Ends.CopyTo(ends, 0);
        int first = begun?.Ends.Length ?? 0;
        ArrayBufferWriter<byte> bytes = new((begun?.Bytes.Length ?? 0) + (LineBytes * Math.Max(1, Count - first)));
        bytes.Write(begun is null ? default : begun.Bytes.Span);
        using Utf8JsonWriter json = new(bytes, JsonDefaults.WriterOptions);
        for (int i = first; i < Count; i++)
        {
            writeHead(bytes, _rows[i].Seq);
            JsonFragment.Write(json, new ResultShown(_rows[i], null, ResultQuery.All), ResultJson.Write);
            bytes.Write(end);
            ends[i] = bytes.WrittenCount;
        }

        return new Encoded(bytes.WrittenMemory, ends);
    }

    private static void WriteEventHead(IBufferWriter<byte> bytes, int seq)
    {
        bytes.Write("id: "u8);
        Span<byte> number = bytes.GetSpan(10);
        seq.TryFormat(number, out int length, default, CultureInfo.InvariantCulture);
        bytes.Advance(length);
        bytes.Write("\nevent: result\ndata: "u8);
    }

    private sealed record Encoded(ReadOnlyMemory<byte> Bytes, int[] Ends)
    {
        public ReadOnlyMemory<byte> Behind(int row) => Bytes[(row == 0 ? 0 : Ends[row - 1])..];
    }
}
