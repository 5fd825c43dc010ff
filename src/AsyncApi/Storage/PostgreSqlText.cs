namespace AsyncApi.Storage;

/// <summary>What PostgreSQL cannot keep in a text.</summary>
internal static class PostgreSqlText
{
    /// <summary>The text with U+FFFD in the place of each NUL.</summary>
    public static string Of(string text) => text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\uFFFD') : text;
}
