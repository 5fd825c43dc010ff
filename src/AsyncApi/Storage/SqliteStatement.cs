using System.Globalization;
using System.Text;
using SQLitePCL;

namespace AsyncApi.Storage;

/// <summary>A statement of SQLite, which runs in the process: whatever is awaited here has ended already.</summary>
internal sealed class SqliteStatement(PreparedStatement statement) : Statement
{
    private const int GuidLength = 36;

    public override void BindInt64(int index, long value) => statement.BindInt64(index, value);

    public override void BindInt64(int index, long? value) => statement.BindInt64(index, value);

    public override void BindDouble(int index, double? value)
    {
        if (value is { } number)
        {
            statement.BindDouble(index, number);
        }
        else
        {
            statement.BindNull(index);
        }
    }

    public override void BindBool(int index, bool? value) => statement.BindInt64(index, value is { } known ? known ? 1 : 0 : null);

    public override void BindText(int index, string? value)
    {
        if (value is null)
        {
            statement.BindNull(index);
        }
        else
        {
            statement.BindText(index, value);
        }
    }

    public override void BindBlob(int index, ReadOnlySpan<byte> value) => statement.BindBlob(index, value);

    public override void BindBlob(int index, byte[]? value)
    {
        if (value is null)
        {
            statement.BindNull(index);
        }
        else
        {
            statement.BindBlob(index, value);
        }
    }

    /// <summary>As EF's provider stores it: 36 characters, upper case. SQLite compares text by its bytes.</summary>
    public override void BindGuid(int index, Guid? value)
    {
        if (value is not { } id)
        {
            statement.BindNull(index);
            return;
        }

        Span<byte> text = stackalloc byte[GuidLength];
        id.TryFormat(text, out _, "D");
        Ascii.ToUpperInPlace(text, out _);
        statement.BindText(index, text);
    }

    public override ValueTask<bool> StepAsync(CancellationToken token) => new(statement.Step());

    public override ValueTask<int> ExecuteAsync(CancellationToken token) => new(statement.Execute());

    public override ValueTask ResetAsync()
    {
        statement.Reset();
        return default;
    }

    public override bool ColumnIsNull(int column) => statement.ColumnIsNull(column);

    public override long ColumnInt64(int column) => statement.ColumnInt64(column);

    public override double ColumnDouble(int column) => statement.ColumnDouble(column);

    public override bool ColumnBool(int column) => statement.ColumnInt64(column) != 0;

    public override string? ColumnString(int column) => statement.ColumnString(column);

    public override ReadOnlySpan<byte> ColumnTextSpan(int column) => statement.ColumnTextSpan(column);

    public override ReadOnlySpan<byte> ColumnBlobSpan(int column) => statement.ColumnBlobSpan(column);

    public override Guid ColumnGuid(int column) => Guid.Parse(statement.ColumnTextSpan(column), CultureInfo.InvariantCulture);

    /// <summary>Ready for the next run, nothing bound and nothing held.</summary>
    public void Clear() => statement.Reset();

    public void Dispose() => statement.Dispose();
}
