using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace AsyncApi.Storage;

/// <summary>Opens connections to the server, with time limits that make a hung server look like a dead one.</summary>
internal sealed class PostgreSqlConnections : IAsyncDisposable
{
    private readonly NpgsqlDataSource _writing;
    private readonly NpgsqlDataSource _reading;

    public PostgreSqlConnections(string connectionString)
    {
        _writing = Source(connectionString, "");
        _reading = Source(connectionString, " -c default_transaction_read_only=on");
    }

    /// <summary>The database's name and server, for messages.</summary>
    public string Place => $"{_writing.CreateConnection().Database} on {_writing.CreateConnection().DataSource}";

    public ValueTask<NpgsqlConnection> OpenWriterAsync(CancellationToken token) => _writing.OpenConnectionAsync(token);

    public ValueTask<NpgsqlConnection> OpenReaderAsync(CancellationToken token) => _reading.OpenConnectionAsync(token);

    public static AppDbContext CreateContext(NpgsqlConnection connection, QueryTrackingBehavior tracking, PostgreSqlGuard? guard)
    {
        DbContextOptionsBuilder<AppDbContext> options = new();
        Configure(options, connection).UseQueryTrackingBehavior(tracking);
        return new AppDbContext((guard is null ? options : options.AddInterceptors(guard)).Options);
    }

    /// <summary>EF on this connection, with the service's conventions for PostgreSQL.</summary>
    public static DbContextOptionsBuilder<T> Configure<T>(DbContextOptionsBuilder<T> options, NpgsqlConnection connection)
        where T : DbContext => options.UseNpgsql(connection).ReplaceService<IMigrationsSqlGenerator, PostgreSqlMigrationsSql>();

    public async ValueTask DisposeAsync()
    {
        await _writing.DisposeAsync();
        await _reading.DisposeAsync();
    }

    private static NpgsqlDataSource Source(string connectionString, string options)
    {
        NpgsqlConnectionStringBuilder settings = new(connectionString)
        {
            // Sessions are kept here, with their contexts and statements.
            Pooling = false,
            Enlist = false,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            KeepAlive = 0,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 30,
        };
        settings.Options += $" -c synchronous_commit=on -c lock_timeout=5s {PostgreSqlSilence.Setting}{options}";
        settings.ApplicationName ??= "AsyncApi";
        Limit(settings, connectionString);
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    // What the operator says about times holds.
    private static void Limit(NpgsqlConnectionStringBuilder settings, string connectionString)
    {
        NpgsqlConnectionStringBuilder given = new(connectionString);
        settings.Timeout = given.ContainsKey("Timeout") && given.Timeout != new NpgsqlConnectionStringBuilder().Timeout ? given.Timeout : 2;
        settings.CommandTimeout = given.CommandTimeout != new NpgsqlConnectionStringBuilder().CommandTimeout ? given.CommandTimeout : 15;
    }
}
