using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace AsyncApi.Http;

/// <summary>
/// The memory that connections are read and written through, in blocks four times as large as Kestrel's own. Each block that is sent is
/// pinned and handed to the socket by itself; a thousand readers of one stream take forty thousand pieces of 10 to 30 KB a second. What came
/// back last goes out first, for the processor still has it at hand.
/// </summary>
/// <remarks>Blocks that nobody needed for <see cref="Patience"/> are given up at the next return.</remarks>
internal sealed class ConnectionMemory(TimeProvider time) : MemoryPool<byte>
{
    /// <summary>A client that sends or reads slowly holds one or more.</summary>
    public const int BlockBytes = 16 * 1024;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Stack<Block> _free = [];
    private long _since = time.GetTimestamp();
    private int _leastFree;

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        lock (_lock)
        {
            if (_free.TryPop(out Block? block))
            {
                _leastFree = Math.Min(_leastFree, _free.Count);
                return block;
            }

            _leastFree = 0;
        }

        return new Block(this);
    }

    protected override void Dispose(bool disposing)
    {
        // Who still has a block may use it and return it: the collector takes it then.
    }

    private void Return(Block block)
    {
        lock (_lock)
        {
            _free.Push(block);
            if (time.GetElapsedTime(_since) < Patience)
                return;
            for (; _leastFree > 0; _leastFree--)
                _free.Pop();
            (_since, _leastFree) = (time.GetTimestamp(), _free.Count);
        }
    }

    /// <summary>Makes one for each of Kestrel's queues.</summary>
    public sealed class Factory(TimeProvider time) : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ConnectionMemory(time);
    }

    private sealed class Block(ConnectionMemory pool) : IMemoryOwner<byte>
    {
        // Where it is, so that the kernel can be told without pinning it each time.
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(
            GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public void Dispose() => pool.Return(this);
    }
}
