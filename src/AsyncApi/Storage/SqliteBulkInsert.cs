using System.Globalization;
using SQLitePCL;

namespace AsyncApi.Storage;

/// <summary>One prepared statement, run for each row: inside a transaction nothing is faster.</summary>
internal sealed class SqliteBulkInsert(PreparedStatement insert) : BulkInsert
{
    private int _column;

    public static string SqlOf(BulkTable table) => string.Create(
        CultureInfo.InvariantCulture,
        $"insert into {table.Name} ({string.Join(", ", table.Columns)}) values ({string.Join(", ", table.Columns.Select((_, i) => $"?{i + 1}"))})");

    public override void Int32(int value) => insert.BindInt64(++_column, value);

    public override void Int64(long value) => insert.BindInt64(++_column, value);

    public override void Bool(bool value) => insert.BindInt64(++_column, value ? 1 : 0);

    public override void Text(string value) => insert.BindText(++_column, value);

    public override void Blob(ReadOnlySpan<byte> value) => insert.BindBlob(++_column, value);

    // The run before left nothing bound, so what is NULL needs no call.
    public override void Null() => ++_column;

    public override ValueTask EndRowAsync(CancellationToken token)
    {
        _column = 0;
        insert.Execute();
        return default;
    }

    public override ValueTask FlushAsync(CancellationToken token) => default;

    /// <summary>Forgets a row that was begun and not ended.</summary>
    public void Clear()
    {
        _column = 0;
        insert.Reset();
    }

    public void Dispose() => insert.Dispose();
}
