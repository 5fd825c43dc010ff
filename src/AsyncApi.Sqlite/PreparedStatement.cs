using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace SQLitePCL;

/// <summary>
/// One statement, compiled once and run many times without an allocation: the way of the rows that come in thousands.
/// Parameters count from 1, columns from 0. What is bound is copied at once, so the caller's buffer is free after the call.
/// Not for two threads at a time; it keeps its connection open until it is disposed.
/// </summary>
public sealed unsafe class PreparedStatement : IDisposable
{
    private const uint Persistent = 1;
    private const int NullType = 5;
    private const int StackBytes = 512;
    private readonly sqlite3 _connection;
    private readonly nint _db;
    private nint _statement;
    private bool _disposed;

    /// <summary>Compiles <paramref name="sql"/>, which must be exactly one statement.</summary>
    /// <exception cref="SqliteStatementException">SQLite does not accept it.</exception>
    public PreparedStatement(sqlite3 connection, string sql)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(sql);
        bool added = false;
        connection.DangerousAddRef(ref added);
        _connection = connection;
        _db = connection.DangerousGetHandle();
        try
        {
            Compile(sql);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How many rows the last INSERT, UPDATE or DELETE on this connection changed.</summary>
    public int Changes => StatementImports.Changes(_db);

    /// <summary>Whether it was disposed and can no longer be used.</summary>
    public bool IsDisposed => _disposed;

    /// <summary>Binds a number.</summary>
    public void BindInt64(int index, long value) => Check(StatementImports.BindInt64(Live, index, value));

    /// <summary>Binds a number, or NULL.</summary>
    public void BindInt64(int index, long? value)
    {
        if (value is { } number)
        {
            BindInt64(index, number);
        }
        else
        {
            BindNull(index);
        }
    }

    /// <summary>Binds a floating-point number.</summary>
    public void BindDouble(int index, double value) => Check(StatementImports.BindDouble(Live, index, value));

    /// <summary>Binds NULL.</summary>
    public void BindNull(int index) => Check(StatementImports.BindNull(Live, index));

    /// <summary>Binds text; it must be valid UTF-8. Empty is an empty text, not NULL.</summary>
    public void BindText(int index, ReadOnlySpan<byte> utf8)
    {
        byte none = 0;
        fixed (byte* text = utf8)
        {
            Check(StatementImports.BindText(Live, index, text is null ? &none : text, utf8.Length, raw.SQLITE_TRANSIENT));
        }
    }

    /// <summary>Binds text. Empty is an empty text, not NULL; a lone surrogate becomes U+FFFD.</summary>
    [SkipLocalsInit]
    public void BindText(int index, ReadOnlySpan<char> text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = most > StackBytes ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> buffer = rented ?? stackalloc byte[StackBytes];
        try
        {
            BindText(index, (ReadOnlySpan<byte>)buffer[..Encoding.UTF8.GetBytes(text, buffer)]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Binds bytes. Empty is an empty blob, not NULL.</summary>
    public void BindBlob(int index, ReadOnlySpan<byte> value)
    {
        byte none = 0;
        fixed (byte* bytes = value)
        {
            Check(StatementImports.BindBlob(Live, index, bytes is null ? &none : bytes, value.Length, raw.SQLITE_TRANSIENT));
        }
    }

    /// <summary>True when there is a row to read; false at the end. After a failure the statement can be used again.</summary>
    public bool Step()
    {
        int code = StatementImports.Step(Live);
        if (code is raw.SQLITE_ROW)
        {
            return true;
        }

        if (code is not raw.SQLITE_DONE)
        {
            SqliteStatementException failure = Failure();
            Reset();
            throw failure;
        }

        return false;
    }

    /// <summary>Runs to the end, forgets what was bound, and tells how many rows were changed.</summary>
    public int Execute()
    {
        try
        {
            while (Step())
            {
            }

            return Changes;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>
    /// Ready for the next run, nothing bound. A statement that was stepped must be reset before its transaction can end.
    /// </summary>
    public void Reset()
    {
        // Both repeat the failure of the last step, which has been reported.
        _ = StatementImports.Reset(Live);
        _ = StatementImports.ClearBindings(Live);
    }

    /// <summary>Whether the column of the present row is NULL.</summary>
    public bool ColumnIsNull(int column) => StatementImports.ColumnType(Live, column) == NullType;

    /// <summary>The column as a number; 0 for NULL.</summary>
    public long ColumnInt64(int column) => StatementImports.ColumnInt64(Live, column);

    /// <summary>The column as a floating-point number; 0 for NULL.</summary>
    public double ColumnDouble(int column) => StatementImports.ColumnDouble(Live, column);

    /// <summary>The column's bytes; empty for NULL. Valid until the next call on this column, step or reset.</summary>
    public ReadOnlySpan<byte> ColumnBlobSpan(int column)
    {
        byte* bytes = StatementImports.ColumnBlob(Live, column);
        return new ReadOnlySpan<byte>(bytes, bytes is null ? 0 : StatementImports.ColumnBytes(Live, column));
    }

    /// <summary>The column's text as UTF-8; empty for NULL. Valid until the next call on this column, step or reset.</summary>
    public ReadOnlySpan<byte> ColumnTextSpan(int column)
    {
        byte* text = StatementImports.ColumnText(Live, column);
        return new ReadOnlySpan<byte>(text, text is null ? 0 : StatementImports.ColumnBytes(Live, column));
    }

    /// <summary>The column's text; null for NULL.</summary>
    public string? ColumnString(int column) => ColumnIsNull(column) ? null : Encoding.UTF8.GetString(ColumnTextSpan(column));

    /// <summary>Frees the statement and its hold on the connection.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _ = raw.sqlite3_finalize(_statement);
        _statement = 0;
        _connection.DangerousRelease();
    }

    private nint Live
    {
        get
        {
            ObjectDisposedException.ThrowIf(_statement == 0, this);
            return _statement;
        }
    }

    private void Compile(string sql)
    {
        // With its terminator SQLite reads the text in place instead of copying it.
        byte[] utf8 = Encoding.UTF8.GetBytes(sql + '\0');
        fixed (byte* text = utf8)
        {
            if (StatementImports.Prepare(_db, text, utf8.Length, Persistent, out _statement, out byte* tail) != raw.SQLITE_OK)
            {
                throw Failure();
            }

            if (_statement == 0 || !Encoding.UTF8.GetString(utf8.AsSpan()[(int)(tail - text)..^1]).AsSpan().IsWhiteSpace())
            {
                throw new ArgumentException("Exactly one statement is expected.", nameof(sql));
            }
        }
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure();
        }
    }

    private SqliteStatementException Failure() =>
        new(raw.sqlite3_extended_errcode(_connection), raw.sqlite3_errmsg(_connection).utf8_to_string() ?? "unknown");
}
