using AsyncApi.Storage;

namespace AsyncApi.Fetches.Results;

/// <summary>A large body that lies in the database, read a part at a time: no connection is held between two reads.</summary>
internal sealed class BodyParts(Database database, long id, long length) : Stream
{
    private const string Sql = "select body from fetch_body_parts where id = ?1 and part = ?2";

    private byte[] _part = [];
    private long _partStart = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= length || buffer.Length == 0)
        {
            return 0;
        }

        long start = Position - (Position % BodyPartRow.Size);
        if (start != _partStart)
        {
            _part = await ReadPartAsync((int)(start / BodyPartRow.Size), cancellationToken);
            _partStart = start;
        }

        ReadOnlyMemory<byte> rest = _part.AsMemory((int)(Position - start));
        int count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => length,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Nothing blocks a thread.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private async ValueTask<byte[]> ReadPartAsync(int part, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        Statement select = session.Prepare(Sql);
        select.BindInt64(1, id);
        select.BindInt64(2, part);
        return await select.StepAsync(token)
            ? select.ColumnBlobSpan(0).ToArray()
            : throw new EndOfStreamException("The body has been deleted meanwhile.");
    }
}
