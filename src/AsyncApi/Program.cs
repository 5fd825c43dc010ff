using System.Net;
using AsyncApi.Callbacks;
using AsyncApi.Demo;
using AsyncApi.Echo;
using AsyncApi.Fetches;
using AsyncApi.Fetching;
using AsyncApi.Files;
using AsyncApi.Home;
using AsyncApi.Hosts;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Problems;
using AsyncApi.Items;
using AsyncApi.Jobs;
using AsyncApi.LoadTests;
using AsyncApi.Patterns;
using AsyncApi.Patterns.Processes;
using AsyncApi.Schedules;
using AsyncApi.StaticFiles;
using AsyncApi.Storage;
using AsyncApi.Telemetry;
using AsyncApi.Users;
using Microsoft.Extensions.Options;

if (PatternWorker.IsAsked(args))
{
    return await PatternWorker.RunAsync(args);
}

try
{
    WebApplication app = Build(args);
    // Before the host finds out and logs it with all its frames.
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    TimeSpan patience = app.Services.GetRequiredService<IOptions<ShutdownOptions>>().Value.HardTimeout;
    using HardEnd hardEnd = new(patience, TimeProvider.System, app.Lifetime.ApplicationStopping);
    Task<int> life = LiveAsync(app);
    if (await Task.WhenAny(life, hardEnd.Reached) == life)
    {
        return await life;
    }

    HardEndCause cause = await hardEnd.Reached;
    await Console.Error.WriteLineAsync($"AsyncApi ends at once: {cause.Reason} What was running goes on after the next start.");
    return cause.ExitCode;
}
#pragma warning disable CA1031 // The program's own boundary: a start that fails is said in words, with an exit code.
catch (Exception failure) when (failure is not HostAbortedException)
#pragma warning restore CA1031
{
    return await StartupFailure.ReportAsync(failure, Console.Error);
}

// From the start to the last write; gives the exit code.
static async Task<int> LiveAsync(WebApplication app)
{
    await using WebApplication owned = app;
    try
    {
        await app.StartAsync(CancellationToken.None);
    }
    catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
    {
        // Ordered to stop before it had started.
        return Environment.ExitCode;
    }

    Report(app);
    BackgroundService[] loops = [.. app.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
    await app.WaitForShutdownAsync(CancellationToken.None);
    // The host stops when a background service fails for good, and would end with 0 as after an order to stop.
    return loops.Any(loop => loop.ExecuteTask is { IsFaulted: true } or { IsCompleted: false }) ? 1 : Environment.ExitCode;
}

static WebApplication Build(string[] args)
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory,
    });
    if (ListeningRules.FaultOf(builder.Configuration) is { } fault)
    {
        throw new InvalidOperationException(fault);
    }

    builder.Services.AddStorage(builder.Configuration);
    builder.AddAsyncApiLogging();
    builder.AddMetricsAndTraces();
    builder.ConfigureHardenedKestrel();
    builder.Services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>((host, shutdown) =>
    {
        host.ShutdownTimeout = shutdown.Value.WorkTimeout;
        // Else the web server would stop first, and work would hear of it with the time nearly over.
        host.ServicesStopConcurrently = true;
    });
    builder.Services.Configure<ExceptionProblems>(known => known.Map(StorageProblems.Of));
    builder.Services.AddHttpPipeline();
    builder.Services.AddIdempotency();
    builder.Services.AddAsyncApiDocs();
    builder.Services.AddFetches();
    builder.Services.AddHosts();
    builder.Services.AddJobs();
    builder.Services.AddFiles();
    builder.Services.AddCallbacks();
    builder.Services.AddSchedules();
    builder.Services.AddEcho();
    builder.Services.AddPatterns();
    builder.Services.AddItems();
    builder.Services.AddLoadTests();
    builder.Services.AddUsers();
    builder.Services.AddDemo();
    builder.Services.AddStaticFolder();
    builder.Services.AddHome();
    builder.Services.AddSingleton<StartupReport>();

    WebApplication app = builder.Build();
    app.UseHttpPipeline();
    // Each has a HEAD of its own, or needs none.
    app.MapAsyncApiDocs();
    app.MapStaticFiles();
    app.MapFiles();
    RouteGroupBuilder routes = app.MapGroup("");
    HeadRequests.Allow(routes);
    routes.MapProblemPages();
    routes.MapHome();
    routes.MapHealth();
    routes.MapMetrics();
    routes.MapFetches();
    routes.MapHosts();
    routes.MapJobs();
    routes.MapItems();
    routes.MapUsers();
    routes.MapDemo();
    routes.MapCallbacks();
    routes.MapSchedules();
    routes.MapLoadTests();
    routes.MapPatterns();
    return app;
}

static void Report(WebApplication app)
{
    IServiceProvider services = app.Services;
    services.GetRequiredService<AddressPolicy>().RefuseOwn(
        app.Urls.Select(OwnEndpoint).Append(services.GetRequiredService<EchoAddresses>().Tcp).OfType<IPEndPoint>());
    services.GetRequiredService<StartupReport>().Write(
        app.Urls,
        (StaticFilesOptions.Section, services.GetRequiredService<IOptions<StaticFilesOptions>>().Value),
        (StorageOptions.Section, services.GetRequiredService<IOptions<StorageOptions>>().Value),
        (DemoOptions.Section, services.GetRequiredService<IOptions<DemoOptions>>().Value),
        (EchoOptions.Section, services.GetRequiredService<IOptions<EchoOptions>>().Value),
        (FetchSettings.Section, services.GetRequiredService<IOptions<FetchSettings>>().Value),
        (LoadTestOptions.Section, services.GetRequiredService<IOptions<LoadTestOptions>>().Value),
        (FilesOptions.Section, services.GetRequiredService<IOptions<FilesOptions>>().Value),
        (JobsOptions.Section, services.GetRequiredService<IOptions<JobsOptions>>().Value),
        (ShutdownOptions.Section, services.GetRequiredService<IOptions<ShutdownOptions>>().Value));
}

// A name that is no address ("localhost", "*", "+") stands for all of this machine's.
static IPEndPoint? OwnEndpoint(string url)
{
    BindingAddress address = BindingAddress.Parse(url);
    return address.IsUnixPipe
        ? null
        : new IPEndPoint(IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) ? ip : IPAddress.Any, address.Port);
}

public sealed partial class Program;
