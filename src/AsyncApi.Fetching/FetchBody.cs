using System.Buffers;

namespace AsyncApi.Fetching;

/// <summary>
/// The bytes that were kept of an answer: in pooled memory, or in a file of the spool folder that now belongs to
/// whoever holds the result.
/// </summary>
public sealed class FetchBody : IDisposable
{
    private byte[]? _rented;
    private readonly int _inMemory;

    internal static readonly FetchBody Empty = new(null, 0, null, 0, truncated: false);

    private FetchBody(byte[]? rented, int inMemory, string? file, long length, bool truncated)
    {
        _rented = rented;
        _inMemory = inMemory;
        File = file;
        Length = length;
        Truncated = truncated;
    }

    /// <summary>Bytes kept.</summary>
    public long Length { get; }

    /// <summary>True when the answer held more than was kept.</summary>
    public bool Truncated { get; }

    /// <summary>The file that holds the bytes, flushed to disk; null when they are in <see cref="Memory"/>.</summary>
    public string? File { get; }

    /// <summary>The bytes, when <see cref="File"/> is null. Not valid after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Memory => _rented is null ? default : _rented.AsMemory(0, _inMemory);

    /// <summary>Gives the memory back to the pool. A file is left alone.</summary>
    public void Dispose()
    {
        byte[]? rented = Interlocked.Exchange(ref _rented, null);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Gives the memory back and deletes the file: for a body that nobody will be handed.</summary>
    internal void Drop()
    {
        Dispose();
        if (File is not null)
        {
            System.IO.File.Delete(File);
        }
    }

    internal static FetchBody InPooledMemory(byte[] rented, int length, bool truncated) =>
        new(rented, length, null, length, truncated);

    internal static FetchBody InFile(string file, long length, bool truncated) => new(null, 0, file, length, truncated);
}
