using System.Data.Common;
using System.Globalization;
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
        ServiceProcess service = await ServiceProcess.StartAsync(_folders.File($"data{_started.Count}"), SettingsWith([]));
        _started.Add(service);
        return service;
    }

    /// <summary>Runs SQL in the services' database, by the server's own client; gives the values of a column.</summary>
    public async Task<string[]> AskAsync(string sql)
    {
        string database = (string)new DbConnectionStringBuilder { ConnectionString = _database }["Database"];
        return (await Server.SqlAsync(sql, database)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>One that can be killed and started again; it is the caller's.</summary>
    public Task<RestartableService> StartRestartableAsync(Dictionary<string, string> settings) =>
        RestartableService.StartAsync(settings: SettingsWith(settings));

    /// <summary>Rows of a table, also while the services write.</summary>
    public async Task<long> CountAsync(string table) =>
        long.Parse((await AskAsync($"select count(*) from {table}")).Single(), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProcess service in _started)
        {
            await service.DisposeAsync();
        }

        await Server.DisposeAsync();
        _folders.Dispose();
    }

    private Dictionary<string, string> SettingsWith(Dictionary<string, string> settings) => new(settings)
    {
        ["Storage:Provider"] = "PostgreSql",
        ["Storage:ConnectionString"] = _database,
    };
}
