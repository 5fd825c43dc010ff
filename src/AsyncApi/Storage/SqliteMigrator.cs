using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Storage;

/// <summary>Brings the database to the present schema, before anybody uses it.</summary>
internal sealed partial class SqliteMigrator(ILogger logger)
{
    // https://sqlite.org/wal.html, "The WAL-Reset Bug".
    private static readonly Version WithoutLogRace = new(3, 51, 3);

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public async Task MigrateAsync(DbContext context, CancellationToken token)
    {
        DbConnection connection = context.Database.GetDbConnection();
        LogVersion(connection.ServerVersion);
        if (Version.Parse(connection.ServerVersion) < WithoutLogRace)
        {
            LogRace(connection.ServerVersion);
        }

        await CheckAsync(connection, token);

        // EF marks a running migration by a row and waits for it to go, for ever when that process died. The folder's lock has
        // made sure that nobody else is here.
        await context.Database.ExecuteSqlRawAsync("drop table if exists \"__EFMigrationsLock\"", token);
        foreach (string migration in await context.Database.GetPendingMigrationsAsync(token))
        {
            LogMigration(migration);
        }

        await context.Database.MigrateAsync(token);
    }

    private static async Task CheckAsync(DbConnection connection, CancellationToken token)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = "pragma quick_check(1)";
        string? verdict;
        try
        {
            verdict = await command.ExecuteScalarAsync(token) as string;
        }
        catch (SqliteException e)
        {
            throw Damaged(connection, e.Message, e);
        }

        if (verdict != "ok")
        {
            throw Damaged(connection, verdict, null);
        }
    }

    private static InvalidDataException Damaged(DbConnection connection, string? verdict, Exception? inner) => new(
        $"The database {connection.DataSource} is damaged ({verdict}). Restore a backup, or move the file away to begin anew.", inner);

    [LoggerMessage(Level = LogLevel.Information, Message = "SQLite {Version}")]
    private partial void LogVersion(string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "SQLite {Version} has a race between checkpoints of several connections that can "
        + "damage the file; it is harmless here, where one connection writes and checkpoints. 3.51.3 is free of it")]
    private partial void LogRace(string version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Applying migration {Migration}")]
    private partial void LogMigration(string migration);
}
