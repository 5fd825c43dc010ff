using System.Buffers;

namespace AsyncApi.Fetching.Sending;

/// <summary>Bytes as they arrive: pooled memory up to the spool threshold, then a file.</summary>
internal sealed class BodyBuffer(FetchEngineOptions options, int firstSize)
{
    private const int FileBuffer = 64 * 1024;

    private byte[] _rented = ArrayPool<byte>.Shared.Rent(firstSize);
    private int _inMemory;
    private long _inFile;
    private FileStream? _file;

    public long Length => _inFile + _inMemory;

    /// <summary>Where the next bytes go, at most <paramref name="wanted"/> of them.</summary>
    public async ValueTask<Memory<byte>> RoomAsync(long wanted, CancellationToken token)
    {
        bool isFull = _inMemory == _rented.Length;
        if (_file is not null ? isFull : options.SpoolFolder is not null && _inMemory > options.SpoolThreshold)
        {
            await SpillAsync(_inMemory, token);
        }
        else if (isFull)
        {
            Grow();
        }

        return _rented.AsMemory(_inMemory, (int)Math.Min(wanted, _rented.Length - _inMemory));
    }

    public void Advance(int count) => _inMemory += count;

    /// <summary>The first <paramref name="cap"/> bytes; a file is on disk when this returns. The buffer is spent.</summary>
    public async ValueTask<FetchBody> ToBodyAsync(long cap, CancellationToken token)
    {
        bool truncated = Length > cap;
        long kept = Math.Min(Length, cap);
        if (_file is null && (options.SpoolFolder is null || kept <= options.SpoolThreshold))
        {
            return FetchBody.InPooledMemory(_rented, (int)kept, truncated);
        }

        await SpillAsync((int)(kept - _inFile), token);
        await _file!.FlushAsync(token);
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
        await _file.DisposeAsync();
        // Last of all: whatever fails before, DropAsync still has to give it back, and twice would hand it to two renters.
        ArrayPool<byte>.Shared.Return(_rented);
        return FetchBody.InFile(_file.Name, kept, truncated);
    }

    /// <summary>Forgets everything, the file too.</summary>
    public async ValueTask DropAsync()
    {
        ArrayPool<byte>.Shared.Return(_rented);
        if (_file is not null)
        {
            await _file.DisposeAsync();
            File.Delete(_file.Name);
        }
    }

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(_rented.Length * 2);
        _rented.AsSpan(0, _inMemory).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_rented);
        _rented = larger;
    }

    private async ValueTask SpillAsync(int count, CancellationToken token)
    {
        _file ??= new FileStream(
            Path.Combine(options.SpoolFolder!, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, FileBuffer, FileOptions.Asynchronous);
        await _file.WriteAsync(_rented.AsMemory(0, count), token);
        _inFile += count;
        _inMemory = 0;
    }
}
