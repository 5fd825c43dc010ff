using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AsyncApi.Storage;

/// <summary>Brings the database to the present schema. Processes that start at once do it one after the other.</summary>
internal sealed partial class PostgreSqlMigrator(PostgreSqlConnections connections, ILogger logger)
{
    // Any number that nobody else takes: the first bytes of "asyncapi".
    private const long Lock = 0x6173796E63617069;

    public async Task MigrateAsync(CancellationToken token)
    {
        await using NpgsqlConnection connection = await connections.OpenWriterAsync(token);
        LogServer(connection.PostgreSqlVersion);
        await WarnOfSettingsAsync(connection, token);

        // The lock is the session's: it goes with the connection, however that ends.
        await ExecuteAsync(connection, "set lock_timeout = 0", token);
        await ExecuteAsync(connection, $"select pg_advisory_lock({Lock})", token);
        await using AppDbContext context = PostgreSqlConnections.CreateContext(connection, QueryTrackingBehavior.TrackAll, guard: null);
        foreach (string migration in await context.Database.GetPendingMigrationsAsync(token))
        {
            LogMigration(migration);
        }

        await context.Database.MigrateAsync(token);
    }

    private async Task WarnOfSettingsAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await using NpgsqlCommand ask = new(
            "select name from pg_settings where name in ('fsync', 'full_page_writes') and setting <> 'on'", connection);
        await using NpgsqlDataReader reader = await ask.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            LogUnsafe(reader.GetString(0));
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken token)
    {
        // Another process may migrate for a while: no time limit but the start's own.
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(token);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL {Version}")]
    private partial void LogServer(Version version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL runs with {Setting} switched off: a power cut can lose or damage what was accepted")]
    private partial void LogUnsafe(string setting);

    [LoggerMessage(Level = LogLevel.Information, Message = "Applying migration {Migration}")]
    private partial void LogMigration(string migration);
}
