using System.Globalization;
using System.Text;
using SQLitePCL;

namespace AsyncApi.Storage;

/// <summary>The stored forms of EF's columns for statements that go past EF, so that both find each other's rows.</summary>
internal static class PreparedStatementExtensions
{
    private const int GuidLength = 36;

    /// <summary>As the provider stores it: 36 characters, upper case. SQLite compares text by its bytes.</summary>
    public static void BindGuid(this PreparedStatement statement, int index, Guid value)
    {
        Span<byte> text = stackalloc byte[GuidLength];
        value.TryFormat(text, out _, "D");
        Ascii.ToUpperInPlace(text, out _);
        statement.BindText(index, text);
    }

    public static void BindTime(this PreparedStatement statement, int index, DateTimeOffset? value) =>
        statement.BindInt64(index, value?.ToUnixTimeMilliseconds());

    public static Guid ColumnGuid(this PreparedStatement statement, int column) =>
        Guid.Parse(statement.ColumnTextSpan(column), CultureInfo.InvariantCulture);

    public static DateTimeOffset? ColumnTime(this PreparedStatement statement, int column) =>
        statement.ColumnIsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(statement.ColumnInt64(column));
}
