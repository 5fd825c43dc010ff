using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace AsyncApi.Storage;

/// <summary>
/// Rows in PostgreSQL's binary COPY form, gathered in memory and sent as one COPY when they have become many. So two tables can be
/// filled by turns, and a row costs no call over the network.
/// </summary>
internal sealed class PostgreSqlBulkInsert(PostgreSqlSession session, NpgsqlConnection connection, BulkTable table) : BulkInsert
{
    private const int SendAfterBytes = 256 * 1024;
    private const int KeepBytes = 4 * SendAfterBytes;

    // The signature, no flags, no extension: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format".
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly string _copy = $"copy {table.Name} ({string.Join(", ", table.Columns)}) from stdin (format binary)";
    private ArrayBufferWriter<byte> _rows = new();
    private bool _inRow;

    public override void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Field(sizeof(int)), value);

    public override void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(sizeof(long)), value);

    public override void Bool(bool value) => Field(1)[0] = value ? (byte)1 : (byte)0;

    public override void Text(string value)
    {
        string text = PostgreSqlText.Of(value);
        Encoding.UTF8.GetBytes(text, Field(Encoding.UTF8.GetByteCount(text)));
    }

    public override void Blob(ReadOnlySpan<byte> value) => value.CopyTo(Field(value.Length));

    public override void Null()
    {
        BeginRow();
        Write32(-1);
    }

    public override async ValueTask EndRowAsync(CancellationToken token)
    {
        _inRow = false;
        if (_rows.WrittenCount > SendAfterBytes)
        {
            await FlushAsync(token);
        }
    }

    public override async ValueTask FlushAsync(CancellationToken token)
    {
        if (_rows.WrittenCount == 0)
        {
            return;
        }

        Write16(-1);
        await session.BeginAsync(null);
        await session.GuardAsync(CopyAsync());
        Clear();
    }

    /// <summary>Forgets what was not sent.</summary>
    public void Clear()
    {
        _inRow = false;
        if (_rows.Capacity > KeepBytes)
        {
            _rows = new ArrayBufferWriter<byte>();
        }

        _rows.ResetWrittenCount();
    }

    private async Task CopyAsync()
    {
        await using NpgsqlRawCopyStream stream = await connection.BeginRawBinaryCopyAsync(_copy, CancellationToken.None);
        await stream.WriteAsync(_rows.WrittenMemory, CancellationToken.None);
    }

    private Span<byte> Field(int length)
    {
        BeginRow();
        Write32(length);
        Span<byte> field = _rows.GetSpan(length)[..length];
        _rows.Advance(length);
        return field;
    }

    private void BeginRow()
    {
        if (_inRow)
        {
            return;
        }

        if (_rows.WrittenCount == 0)
        {
            _rows.Write(Header);
        }

        _inRow = true;
        Write16((short)table.Columns.Count);
    }

    private void Write16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_rows.GetSpan(sizeof(short)), value);
        _rows.Advance(sizeof(short));
    }

    private void Write32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_rows.GetSpan(sizeof(int)), value);
        _rows.Advance(sizeof(int));
    }
}
