using System.Data.Common;

namespace AsyncApi.Storage;

/// <summary>The disk or its quota is full. Nothing of the command was kept; the service goes on reading.</summary>
internal sealed class StorageFullException(Exception inner) : Exception("The storage is full.", inner);

/// <summary>
/// The database is away or does not answer. Nothing of the command was kept, unless the connection broke in the very commit: then
/// nobody knows.
/// </summary>
internal sealed class StorageUnavailableException(Exception? inner) : Exception("The database is not available.", inner);

/// <summary>What a feature may ask about a failed command, whichever database runs.</summary>
internal static class StorageErrors
{
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    /// <summary>Whether a file could not be written because the disk or its quota is full.</summary>
    public static bool IsFull(IOException error) => error.HResult is NoSpaceOnWindows || SqliteErrors.IsFull(error.HResult);

    /// <summary>Whether a unique index or primary key refused a row.</summary>
    public static bool IsUniqueViolation(Exception error) =>
        FindDatabaseError(error) is { } found && (SqliteErrors.IsUniqueViolation(found) || PostgreSqlErrors.IsUniqueViolation(found));

    /// <summary>Whether the database is away, in whatever form it came up.</summary>
    public static bool IsUnavailable(Exception error) =>
        error is StorageUnavailableException || (FindDatabaseError(error) is { } found && PostgreSqlErrors.IsUnavailable(found));

    /// <summary>Whether the disk of the database is full.</summary>
    public static bool IsFull(Exception error) =>
        error is StorageFullException || (FindDatabaseError(error) is { } found && PostgreSqlErrors.IsFull(found));

    internal static DbException? FindDatabaseError(Exception? error)
    {
        while (error is not null and not DbException)
        {
            error = error.InnerException;
        }

        return error as DbException;
    }
}
