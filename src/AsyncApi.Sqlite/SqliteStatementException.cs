using System.Data.Common;

namespace SQLitePCL;

/// <summary>A prepared statement failed.</summary>
/// <param name="extendedCode">SQLite's extended result code; its low byte is the primary one.</param>
/// <param name="message">SQLite's own words.</param>
public sealed class SqliteStatementException(int extendedCode, string message)
    : DbException($"SQLite error {extendedCode}: {message}", extendedCode)
{
    /// <summary>SQLite's primary result code, such as 13 for a full disk.</summary>
    public int SqliteErrorCode => ErrorCode & 0xFF;

    /// <summary>SQLite's extended result code.</summary>
    public int SqliteExtendedErrorCode => ErrorCode;
}
