using System.Buffers;
using System.Security.Cryptography;
using AsyncApi.Storage;
using Microsoft.Extensions.Options;

namespace AsyncApi.Files;

/// <summary>Takes uploads from the wire to the disk, in the memory of one buffer each. What does not come to its end leaves nothing.</summary>
internal sealed class FileReceiver(FileBlobs blobs, FileQuota quota, IOptions<FilesOptions> options, TimeProvider time)
{
    private const int BufferBytes = 256 * 1024;

    public long MaxBytes { get; } = options.Value.MaxBytes;

    /// <summary>The upload on the disk, or why not. Reads no byte more than it takes to know that there are too many.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="length">How many there will be, where that is known: then the quota is taken before the first is read.</param>
    /// <param name="token">Ends it, and leaves nothing.</param>
    /// <exception cref="StorageFullException">The disk is full.</exception>
    public async Task<(ReceivedFile? File, ReceiveFault Fault)> ReceiveAsync(Stream body, long? length, CancellationToken token)
    {
        if (length > MaxBytes)
            return (null, ReceiveFault.TooLarge);
        Incoming incoming = new(blobs, quota, Guid.CreateVersion7(time.GetUtcNow()));
        try
        {
            ReceiveFault fault = incoming.Take(length ?? 0) ? await WriteAsync(body, incoming, token) : ReceiveFault.OverQuota;
            return fault == ReceiveFault.None ? (await incoming.FinishAsync(), fault) : (null, fault);
        }
        catch (IOException full) when (StorageErrors.IsFull(full))
        {
            throw new StorageFullException(full);
        }
        finally
        {
            await incoming.DisposeAsync();
        }
    }

    private async Task<ReceiveFault> WriteAsync(Stream body, Incoming incoming, CancellationToken token)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (true)
            {
                int room = (int)Math.Min(BufferBytes, MaxBytes + 1 - incoming.Size);
                int read = await body.ReadAtLeastAsync(buffer.AsMemory(0, room), room, throwOnEndOfStream: false, token);
                if (read == 0)
                    return ReceiveFault.None;
                if (incoming.Size + read > MaxBytes)
                    return ReceiveFault.TooLarge;
                if (!incoming.Take(incoming.Size + read))
                    return ReceiveFault.OverQuota;
                await incoming.WriteAsync(buffer.AsMemory(0, read), token);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Incoming(FileBlobs blobs, FileQuota quota, Guid blob) : IAsyncDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private FileStream? _file;
        private long _taken;
        private bool _whole;

        public long Size { get; private set; }

        /// <summary>Makes sure that the quota holds this many in all.</summary>
        public bool Take(long bytes)
        {
            if (bytes <= _taken)
                return true;
            if (!quota.TryTake(bytes - _taken))
                return false;
            _taken = bytes;
            return true;
        }

        public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            _file ??= blobs.Create(blob);
            _hash.AppendData(bytes.Span);
            await _file.WriteAsync(bytes, token);
            Size += bytes.Length;
        }

        public async Task<ReceivedFile> FinishAsync()
        {
            await blobs.FinishAsync(blob, _file ?? blobs.Create(blob));
            quota.GiveBack(_taken - Size);
            _whole = true;
            return new ReceivedFile(blobs, quota, blob, Size, Convert.ToHexStringLower(_hash.GetHashAndReset()));
        }

        public async ValueTask DisposeAsync()
        {
            _hash.Dispose();
            if (_whole)
                return;
            if (_file is not null)
                await _file.DisposeAsync();
            blobs.Delete(blob);
            quota.GiveBack(_taken);
        }
    }
}
