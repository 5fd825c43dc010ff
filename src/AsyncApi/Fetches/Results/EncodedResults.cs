using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Streams;

namespace AsyncApi.Fetches.Results;

/// <summary>
/// Results in one form, encoded when somebody first asks for them. It only grows: bytes that were handed out stay as they are. For one
/// thread at a time.
/// </summary>
/// <param name="writeHead">Writes what stands before each result.</param>
/// <param name="end">What stands behind it.</param>
/// <param name="blockBytes">How large the first block is; each is twice as large as the one before, up to <see cref="LargestBlock"/>.</param>
internal sealed class EncodedResults(Action<IBufferWriter<byte>, int> writeHead, ReadOnlyMemory<byte> end, int blockBytes) : IBufferWriter<byte>
{
    /// <summary>A stream without much in it makes no larger ones.</summary>
    public const int SmallestBlock = 4 * 1024;

    /// <summary>Arrays of 85,000 bytes or more are large objects: a few of them each second make the collector go through the whole heap.</summary>
    public const int LargestBlock = 64 * 1024;

    private readonly List<Block> _blocks = [];
    private int _count;
    private int _used;
    private int _begun;

    /// <summary>How large the next block would be.</summary>
    public int BlockBytes { get; private set; } = blockBytes;

    /// <summary>Encodes those of the rows that it does not have yet.</summary>
    [SuppressMessage("Usage", "MA0045", Justification = "Over a buffer writer, disposing only hands over the bytes; nothing waits.")]
    public void Add(List<ResultRow> rows)
    {
        if (_count == rows.Count)
            return;
        using Utf8JsonWriter json = new(this, JsonDefaults.WriterOptions);
        foreach (ResultRow row in CollectionsMarshal.AsSpan(rows)[_count..])
        {
            _begun = _used;
            writeHead(this, row.Seq);
            JsonFragment.Write(json, new ResultShown(row, null, ResultQuery.All), ResultJson.Write);
            this.Write(end.Span);
            _blocks[^1].Ends.Add(_used);
            _count++;
        }
    }

    /// <summary>The results from one on that stand together in memory.</summary>
    public EncodedPiece From(int row)
    {
        if (row >= _count)
            return default;
        // From the end, since most read what is newest.
        int i = _blocks.Count - 1;
        while (_blocks[i].First > row)
            i--;
        Block block = _blocks[i];
        int start = row == block.First ? 0 : block.Ends[row - block.First - 1];
        return new EncodedPiece(block.Bytes.AsMemory(start..block.Ends[^1]), block.First + block.Ends.Count - row);
    }

    void IBufferWriter<byte>.Advance(int count) => _used += count;

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => Room(sizeHint).Span;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => Room(sizeHint);

    // A result never stands in two blocks: what was begun moves on with it.
    private Memory<byte> Room(int wanted)
    {
        wanted = Math.Max(1, wanted);
        if (_blocks.Count == 0 || _blocks[^1].Bytes.Length - _used < wanted)
        {
            ReadOnlySpan<byte> begun = _blocks.Count == 0 ? default : _blocks[^1].Bytes.AsSpan(_begun.._used);
            byte[] bytes = new byte[Math.Max(BlockBytes, begun.Length + wanted)];
            begun.CopyTo(bytes);
            (_begun, _used) = (0, begun.Length);
            // One without a single end was too small for its first result.
            if (_blocks is [.., { Ends.Count: 0 }])
                _blocks.RemoveAt(_blocks.Count - 1);
            _blocks.Add(new Block(_count, bytes, []));
            BlockBytes = Math.Min(2 * BlockBytes, LargestBlock);
        }

        return _blocks[^1].Bytes.AsMemory(_used);
    }

    private sealed record Block(int First, byte[] Bytes, List<int> Ends);
}

/// <param name="Bytes">One or more encoded results.</param>
/// <param name="Count">How many.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EncodedPiece(ReadOnlyMemory<byte> Bytes, int Count);
