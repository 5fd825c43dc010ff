using System.Buffers;

namespace AsyncApi.Fetching.Sending;

/// <summary>
/// Bytes as they arrive: pooled memory up to the spool threshold, then a file. A disk without room is no fault of the peer's:
/// such a body stays in memory.
/// </summary>
internal sealed class BodyBuffer(FetchEngineOptions options, int firstSize)
{
    private byte[] _rented = ArrayPool<byte>.Shared.Rent(firstSize);
    private int _inMemory;
    private long _inFile;
    private FileStream? _file;
    private bool _spools = options.SpoolFolder is not null;

    public long Length => _inFile + _inMemory;

    /// <summary>Where the next bytes go, at most <paramref name="wanted"/> of them.</summary>
    public async ValueTask<Memory<byte>> RoomAsync(long wanted, CancellationToken token)
    {
        if (_spools && (_file is null ? _inMemory > options.SpoolThreshold : _inMemory == _rented.Length))
        {
            await SpillAsync(_inMemory, token);
        }

        if (_inMemory == _rented.Length)
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
        if (_spools && (_file is not null || kept > options.SpoolThreshold))
        {
            await SpillAsync((int)(kept - _inFile), token);
        }

        if (_file is null)
        {
            return FetchBody.InPooledMemory(_rented, (int)kept, truncated);
        }

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
        try
        {
            // Unbuffered: the pieces are large, and a buffer's last bytes would meet the full disk where nobody can take them back.
            _file ??= new FileStream(
                Path.Combine(options.SpoolFolder!, Path.GetRandomFileName()),
                FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await _file.WriteAsync(_rented.AsMemory(0, count), token);
            _inFile += count;
            _inMemory = 0;
        }
        catch (IOException)
        {
            _spools = false;
            await TakeBackAsync(token);
        }
    }

    private async ValueTask TakeBackAsync(CancellationToken token)
    {
        if (_file is null)
        {
            return;
        }

        _file.Position = 0;
        int inFile = checked((int)_inFile);
        byte[] all = ArrayPool<byte>.Shared.Rent(inFile + _rented.Length);
        await _file.ReadExactlyAsync(all.AsMemory(0, inFile), token);
        _rented.AsSpan(0, _inMemory).CopyTo(all.AsSpan(inFile));
        ArrayPool<byte>.Shared.Return(_rented);
        (_rented, _inMemory, _inFile) = (all, inFile + _inMemory, 0);
        await _file.DisposeAsync();
        File.Delete(_file.Name);
        _file = null;
    }
}
