using System.Reflection;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>The service on one data folder through all of its lives: each is a real process of its own.</summary>
internal sealed class RestartableService : IAsyncDisposable
{
    private readonly TempFolder _ownFolder = new();
    private readonly IReadOnlyDictionary<string, string>? _settings;
    private readonly Assembly? _startup;
    private ServiceProcess? _life;

    private RestartableService(string? dataFolder, IReadOnlyDictionary<string, string>? settings, Assembly? startup)
    {
        DataFolder = dataFolder ?? _ownFolder.File("data");
        _settings = settings;
        _startup = startup;
    }

    public string DataFolder { get; }

    /// <summary>The process that runs now.</summary>
    public ServiceProcess Life => _life ?? throw new InvalidOperationException("It does not run.");

    public HttpClient Client => Life.Client;

    /// <param name="dataFolder">A folder of the caller's; else one of its own.</param>
    /// <param name="settings">Settings of every life.</param>
    /// <param name="startup">An assembly that adds to the service.</param>
    public static async Task<RestartableService> StartAsync(
        string? dataFolder = null, IReadOnlyDictionary<string, string>? settings = null, Assembly? startup = null)
    {
        RestartableService service = new(dataFolder, settings, startup);
        await service.StartAgainAsync();
        return service;
    }

    /// <summary>SIGKILL; nothing of it runs any more when this returns.</summary>
    public async Task KillAsync()
    {
        await Life.KillAsync();
        await EndAsync();
    }

    /// <summary>SIGTERM; gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        int exitCode = await Life.StopAsync();
        await EndAsync();
        return exitCode;
    }

    public async Task StartAgainAsync() => _life = await ServiceProcess.StartAsync(DataFolder, _settings, startup: _startup);

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _ownFolder.Dispose();
    }

    private async Task EndAsync()
    {
        if (_life is not null)
        {
            await _life.DisposeAsync();
            _life = null;
        }
    }
}
