namespace AsyncApi.Fetching.Sending;

/// <summary>Counts what is read through it, so that a decoder's gain can be known, and tells the two forms of deflate apart.</summary>
internal sealed class CountingStream(Stream inner) : Stream
{
    private readonly byte[] _start = new byte[2];
    private int _peeked;
    private int _handedOut;

    public long Count { get; private set; }

    /// <summary>Whether a zlib header is what comes first (RFC 1950, 2.2). Nothing is lost by looking.</summary>
    public async ValueTask<bool> StartsAsZLibAsync(CancellationToken token)
    {
        while (_peeked < _start.Length && await inner.ReadAsync(_start.AsMemory(_peeked), token) is > 0 and int read)
        {
            _peeked += read;
        }

        // An empty body is empty in either form, but only one decoder takes it for that.
        return _peeked < _start.Length || ((_start[0] & 0x0f) == 8 && _start[0] >> 4 <= 7 && ((_start[0] << 8) + _start[1]) % 31 == 0);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = Math.Min(_peeked - _handedOut, buffer.Length);
        if (read > 0)
        {
            _start.AsMemory(_handedOut, read).CopyTo(buffer);
            _handedOut += read;
        }
        else
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }

        Count += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
