using System.Text;
using AsyncApi.Storage;
using AsyncApi.Tests.Http;
using AsyncApi.Tests.Storage;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AsyncApi.Tests.Fetches;

/// <summary>
/// The whole service, as Program builds it, on a real Kestrel at a free port. A second one on the same folder, after the first was
/// disposed of, is the service after a restart.
/// </summary>
public sealed class ServiceUnderTest : WebApplicationFactory<Program>
{
    private readonly TempFolder? _own;
    private readonly Dictionary<string, string?> _settings;

    private readonly Action<IServiceCollection>? _services;
    private readonly EndOfServices _end = new();

    private ServiceUnderTest(string? folder, IEnumerable<(string Key, string Value)> settings, Action<IServiceCollection>? services = null)
    {
        _services = services;
        Folder = folder ?? (_own = new TempFolder()).Path;
        _settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Storage:Path"] = Folder,
            ["Storage:DiskFloorMegabytes"] = "0",
            ["Fetch:AllowedNetworks:0"] = "127.0.0.0/8",
            ["Shutdown:DrainSeconds"] = "0",
            // Their ports are fixed by default, and services run side by side here.
            ["Echo:Enabled"] = "false",
        };
        foreach ((string key, string value) in settings)
            _settings[key] = value;
    }

    public string Folder { get; }

    public Uri Address { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    internal CapturedLog Log { get; } = new();

    internal Database Database => Services.GetRequiredService<Database>();

    public static Task<ServiceUnderTest> StartAsync(params IEnumerable<(string Key, string Value)> settings) => StartInAsync(null, settings);

    /// <summary>With services of a test's own.</summary>
    public static async Task<ServiceUnderTest> StartWithAsync(Action<IServiceCollection> services) =>
        Start(new ServiceUnderTest(null, await OnPostgreSql.SettingsAsync(null), services));

    /// <param name="folder">The data folder; not removed afterwards.</param>
    public static async Task<ServiceUnderTest> StartInAsync(string? folder, params IEnumerable<(string Key, string Value)> settings) =>
        Start(new ServiceUnderTest(folder, [.. settings, .. await OnPostgreSql.SettingsAsync(folder)]));

    private static ServiceUnderTest Start(ServiceUnderTest service)
    {
        // Without a port: changing the addresses here would race with the start, which Program makes on its own. Urls says where.
        service.UseKestrel();
        service.StartServer();
        string address = service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        service.Address = new Uri(address);
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseProxy = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        service.Client = new HttpClient(handler) { BaseAddress = service.Address, Timeout = TimeSpan.FromMinutes(2) };
        return service;
    }

    public override async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await base.DisposeAsync();
        _own?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>How many rows a table has, in what is committed.</summary>
    internal async Task<long> CountAsync(string table)
    {
        using ReadSession session = await Database.OpenReadAsync(TestContext.Current.CancellationToken);
        Statement count = session.Prepare($"select count(*) from {table}");
        await count.StepAsync(TestContext.Current.CancellationToken);
        long rows = count.ColumnInt64(0);
        await count.ResetAsync();
        return rows;
    }

    /// <summary>The rows of all tables that a submission writes to.</summary>
    internal async Task<long> CountStoredAsync() =>
        await CountAsync("jobs") + await CountAsync("fetches") + await CountAsync("fetch_hosts") + await CountAsync("fetch_requests");

    protected override IHost CreateHost(IHostBuilder builder)
    {
        // As host configuration: Program reads it before it builds.
        builder.ConfigureHostConfiguration(configuration => configuration.AddInMemoryCollection(_settings));
        return new ProgramsHost(base.CreateHost(builder), _end.Reached);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.ConfigureServices(services =>
    {
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(_ => _end));
        services.RemoveAll<ILoggerProvider>();
        services.AddSingleton<ILoggerProvider>(Log);
        _services?.Invoke(services);
    });

    /// <summary>Program stops and disposes of what it has built, as in a process of its own; to do so from here too would meet it halfway.</summary>
    private sealed class ProgramsHost(IHost host, Task end) : IHost
    {
        private readonly IHostApplicationLifetime _lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

        public IServiceProvider Services => host.Services;

        public Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken = default)
        {
            _lifetime.StopApplication();
            return end.WaitAsync(cancellationToken);
        }

        public void Dispose()
        {
            // Program has.
        }
    }

    /// <summary>The first of the hosted services to be made, and so the last to be disposed of.</summary>
    private sealed class EndOfServices : IHostedService, IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => _reached.TrySetResult();
    }
}
