using System.Buffers;
using System.Globalization;

namespace AsyncApi.Fetches.Results;

/// <summary>
/// Some results in a row, read and encoded once for all who want them: every result behind one place, plain. More can be put behind them
/// while others read.
/// </summary>
/// <param name="from">The place behind which its results stand, without filters.</param>
/// <param name="blockBytes">See <see cref="EncodedResults"/>.</param>
internal sealed class ResultSegment(int from, int blockBytes = EncodedResults.SmallestBlock)
{
    private readonly Lock _lock = new();
    private readonly List<ResultRow> _rows = [];
    private readonly EncodedResults _lines = new(static (_, _) => { }, "\n"u8.ToArray(), blockBytes);
    private readonly EncodedResults _events = new(WriteEventHead, "\n\n"u8.ToArray(), blockBytes);
    private int _count;

    /// <summary>The seq before its first result.</summary>
    public int From => from;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The seq of its last result.</summary>
    public int Place => From + Count;

    /// <summary>What the results behind it will need, as far as these tell.</summary>
    public int BlockBytes => Math.Max(_lines.BlockBytes, _events.BlockBytes);

    /// <summary>Whether it has results behind a place, with none missing.</summary>
    public bool Holds(int place) => From <= place && place < Place;

    /// <summary>The results behind a place, or the first of them, as lines of JSON; nothing when there are none.</summary>
    public EncodedPiece LinesBehind(int place) => Behind(place, _lines);

    /// <summary>As server-sent events.</summary>
    public EncodedPiece EventsBehind(int place) => Behind(place, _events);

    public void Add(IReadOnlyList<ResultRow> more)
    {
        lock (_lock)
        {
            _rows.AddRange(more);
            Volatile.Write(ref _count, _rows.Count);
        }
    }

    private EncodedPiece Behind(int place, EncodedResults form)
    {
        lock (_lock)
        {
            form.Add(_rows);
            return form.From(place - From);
        }
    }

    private static void WriteEventHead(IBufferWriter<byte> bytes, int seq)
    {
        bytes.Write("id: "u8);
        Span<byte> number = bytes.GetSpan(10);
        seq.TryFormat(number, out int length, default, CultureInfo.InvariantCulture);
        bytes.Advance(length);
        bytes.Write("\nevent: result\ndata: "u8);
    }
}
