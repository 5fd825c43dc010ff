using System.Data.Common;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>A PostgreSQL server of its own, and services on one database of it: each a real process with a data folder of its own.</summary>
internal sealed class TwoServices : IAsyncDisposable
{
    private readonly TempFolder _folders = new();
    private readonly List<ServiceProcess> _started = [];
    private readonly string _database;

    private TwoServices(PostgreSql server, string database)
    {
        Server = server;
        _database = database;
    }

    public PostgreSql Server { get; }

    public static async Task<TwoServices> CreateAsync()
    {
        PostgreSql server = await PostgreSql.StartAsync();
        return new TwoServices(server, await server.CreateDatabaseAsync());
    }

    public async Task<ServiceProcess> StartServiceAsync()
    {
        ServiceProcess service = await ServiceProcess.StartAsync(_folders.File($"data{_started.Count}"), new Dictionary<string, string>
        {
            ["Storage:Provider"] = "PostgreSql",
            ["Storage:ConnectionString"] = _database,
        });
        _started.Add(service);
        return service;
    }

    /// <summary>Asks the database from outside; a value, or a column of them.</summary>
    public async Task<string[]> AskAsync(string sql)
    {
        string database = (string)new DbConnectionStringBuilder { ConnectionString = _database }["Database"];
        return (await Server.SqlAsync(sql, database)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProcess service in _started)
        {
            await service.DisposeAsync();
        }

        await Server.DisposeAsync();
        _folders.Dispose();
    }
}
