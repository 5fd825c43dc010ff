namespace AsyncApi.Storage;

/// <summary>
/// Adds rows to a table in the fastest way the database has. The values of a row are given in the order of the table's columns,
/// each in the form of its column (<see cref="Int32(int)"/> is no <see cref="Int64(long)"/>), then the row is ended. The rows are in the table
/// when <see cref="FlushAsync"/> or the command has ended.
/// </summary>
internal abstract class BulkInsert
{
    public abstract void Int32(int value);

    public abstract void Int64(long value);

    public abstract void Bool(bool value);

    public abstract void Text(string value);

    public abstract void Blob(ReadOnlySpan<byte> value);

    public abstract void Null();

    public void Int64(long? value)
    {
        if (value is { } number)
        {
            Int64(number);
        }
        else
        {
            Null();
        }
    }

    public void Int32OrNull(int? value)
    {
        if (value is { } number)
        {
            Int32(number);
        }
        else
        {
            Null();
        }
    }

    public void TextOrNull(string? value)
    {
        if (value is not null)
        {
            Text(value);
        }
        else
        {
            Null();
        }
    }

    public void BlobOrNull(byte[]? value)
    {
        if (value is not null)
        {
            Blob(value);
        }
        else
        {
            Null();
        }
    }

    public abstract ValueTask EndRowAsync(CancellationToken token);

    public abstract ValueTask FlushAsync(CancellationToken token);
}
