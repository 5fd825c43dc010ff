using System.Data.Common;
using Npgsql;

namespace AsyncApi.Storage;

/// <summary>PostgreSQL's error codes, in the words of the service.</summary>
internal static class PostgreSqlErrors
{
    public static bool IsUniqueViolation(DbException error) => error is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public static bool IsFull(DbException error) => error is PostgresException { SqlState: PostgresErrorCodes.DiskFull };

    /// <summary>Whether another try of the same transaction may well succeed.</summary>
    public static bool WantsAnotherTry(DbException error) => error is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
    };

    /// <summary>Whether the server is away, is going away, cannot take more, or gave no answer in time.</summary>
    public static bool IsUnavailable(DbException error) => error switch
    {
        PostgresException refusal => IsConnectionState(refusal.SqlState) || WantsAnotherTry(refusal),
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>Whether <see cref="Translate"/> has another word for it.</summary>
    public static bool IsOwn(Exception error) => StorageErrors.FindDatabaseError(error) is { } found && (IsFull(found) || IsUnavailable(found));

    /// <summary>The error as callers should see it.</summary>
    public static Exception Translate(Exception error) => StorageErrors.FindDatabaseError(error) switch
    {
        { } found when IsFull(found) => new StorageFullException(error),
        { } found when IsUnavailable(found) => new StorageUnavailableException(error),
        _ => error,
    };

    // Class 08: connection; 53: resources, the disk apart; 57P: the operator stops it; 57014: over its time.
    private static bool IsConnectionState(string state) => state != PostgresErrorCodes.DiskFull
        && (state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
            || state.StartsWith("57P", StringComparison.Ordinal) || state == PostgresErrorCodes.QueryCanceled);
}
