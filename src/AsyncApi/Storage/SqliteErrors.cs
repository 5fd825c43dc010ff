using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AsyncApi.Storage;

/// <summary>SQLite's result codes, in the words of the service.</summary>
internal static class SqliteErrors
{
    private const int IoError = 10;
    private const int Full = 13;
    private const int UniqueKey = 2067;
    private const int PrimaryKey = 1555;
    private const int RowId = 2579;
    private const int NoSpace = 28;

    private static readonly int QuotaExceeded = OperatingSystem.IsMacOS() ? 69 : 122;

    public static bool IsUniqueViolation(DbException error) => ExtendedCode(error) is UniqueKey or PrimaryKey or RowId;

    /// <summary>
    /// The error as callers should see it. To be called before anything else happens on the connection, which remembers the
    /// system's error of its last failure only.
    /// </summary>
    public static Exception Translate(Exception error, sqlite3 connection)
    {
        DbException? found = StorageErrors.FindDatabaseError(error);
        bool full = found is not null && (ExtendedCode(found) & 0xFF) switch
        {
            Full => true,
            IoError => IsFull(raw.sqlite3_system_errno(connection)),
            _ => false,
        };
        return full ? new StorageFullException(error) : error;
    }

    /// <summary>Whether an error number of the system says that the disk or its quota is full.</summary>
    public static bool IsFull(int errno) => errno == NoSpace || errno == QuotaExceeded;

    private static int ExtendedCode(DbException error) => error switch
    {
        SqliteException e => e.SqliteExtendedErrorCode,
        SqliteStatementException e => e.SqliteExtendedErrorCode,
        _ => 0,
    };
}
