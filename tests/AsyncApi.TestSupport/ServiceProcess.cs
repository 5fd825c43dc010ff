using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Xunit;

namespace AsyncApi.TestSupport;

/// <summary>
/// The built service as a real process on a free loopback port, so that a test can kill it as a power cut would. The data
/// folder is the caller's: a second process started in the same folder is the service after a restart.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private ServiceProcess(ChildProcess process, Uri address)
    {
        _process = process;
        Address = address;
        Client = new HttpClient { BaseAddress = address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has printed so far.</summary>
    public string Output => _process.Output;

    /// <summary>Starts the service and returns once it answers.</summary>
    /// <param name="dataFolder">Its <c>Storage:Path</c>.</param>
    /// <param name="settings">More settings, as configuration keys (<c>Fetch:MaxConcurrency</c>) or environment variables.</param>
    /// <param name="core">Pins it to this processor, for benchmarks.</param>
    /// <param name="startup">An assembly whose hosting startup adds to the service, and whose folder holds it.</param>
    public static async Task<ServiceProcess> StartAsync(
        string dataFolder, IReadOnlyDictionary<string, string>? settings = null, int? core = null, Assembly? startup = null)
    {
        ServiceProcess service = Launch(dataFolder, settings, core, startup);
        try
        {
            await Eventually.Until(service.IsUpAsync);
            return service;
        }
        catch (Exception problem)
        {
            await service.DisposeAsync();
            throw new InvalidOperationException($"The service did not start. Its output:\n{service.Output}", problem);
        }
    }

    /// <summary>Starts the process, and does not wait for anything.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static ServiceProcess Launch(
        string dataFolder, IReadOnlyDictionary<string, string>? settings = null, int? core = null, Assembly? startup = null)
    {
        Uri address = new($"http://127.0.0.1:{LoopbackPort.Free()}/");
        return new ServiceProcess(ChildProcess.Start(StartInfo(dataFolder, address, settings, core, startup)), address);
    }

    /// <summary>Starts the service where it is expected to refuse; gives its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunToExitAsync(
        string dataFolder, IReadOnlyDictionary<string, string>? settings = null)
    {
        Uri address = new($"http://127.0.0.1:{LoopbackPort.Free()}/");
        await using ChildProcess process = ChildProcess.Start(StartInfo(dataFolder, address, settings));
        int exitCode = await process.WaitForExitAsync(Eventually.Deadline);
        return (exitCode, process.Output);
    }

    /// <summary>SIGKILL: nothing of it runs any more when this returns.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Eventually.Deadline);
    }

    /// <summary>SIGSTOP: nothing of it runs, its connections stay open. Dispose to let it go on.</summary>
    public IDisposable Freeze()
    {
        _process.Signal(ChildProcess.Sigstop);
        return new Frozen(_process);
    }

    /// <summary>SIGTERM, then waits for the end; gives the exit code.</summary>
    public Task<int> StopAsync(TimeSpan? deadline = null)
    {
        OrderStop();
        return WaitForExitAsync(deadline);
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public void OrderStop() => _process.Terminate();

    /// <summary>Waits for the end; gives the exit code.</summary>
    public Task<int> WaitForExitAsync(TimeSpan? deadline = null) => _process.WaitForExitAsync(deadline ?? Eventually.Deadline);

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _process.DisposeAsync();
    }

    private static ProcessStartInfo StartInfo(
        string dataFolder, Uri address, IReadOnlyDictionary<string, string>? settings, int? core = null, Assembly? startup = null)
    {
        string[] command = [Tool.Require("dotnet"), .. startup is null ? [Repository.ServiceAssembly()] : Beside(startup)];
        if (core is not null)
        {
            // taskset replaces itself with the service, so the process id is the service's own.
            command = [Tool.Require("taskset"), "-c", core.Value.ToString(CultureInfo.InvariantCulture), .. command];
        }

        ProcessStartInfo start = new(command[0], command[1..]) { WorkingDirectory = Repository.ServiceFolder };
        // What the developer's shell or the test runner has set is no part of the test.
        foreach (string name in start.Environment.Keys.Where(IsServiceSetting).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = startup?.GetName().Name;
        start.Environment["Urls"] = address.ToString();
        start.Environment["Storage__Path"] = dataFolder;
        // Its ports are fixed by default, and tests run side by side.
        start.Environment["Echo__Enabled"] = "false";
        foreach ((string key, string value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return start;
    }

    // The service's own program and settings, among the assemblies of the other.
    private static string[] Beside(Assembly startup)
    {
        string folder = Path.GetDirectoryName(startup.Location)!;
        return
        [
            "exec", "--depsfile", Path.ChangeExtension(startup.Location, ".deps.json"),
            "--runtimeconfig", Path.Combine(folder, "AsyncApi.runtimeconfig.json"), Path.Combine(folder, "AsyncApi.dll"),
        ];
    }

    private static bool IsServiceSetting(string name)
        => name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
            || name.Contains("__", StringComparison.Ordinal)
            || name.Equals("DOTNET_ENVIRONMENT", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Urls", StringComparison.OrdinalIgnoreCase);

    private async Task<bool> IsUpAsync()
    {
        if (HasExited)
        {
            throw new InvalidOperationException($"It exited with {await _process.WaitForExitAsync(Eventually.Deadline)}.");
        }

        try
        {
            using HttpResponseMessage answer = await Client.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private sealed class Frozen(ChildProcess process) : IDisposable
    {
        public void Dispose() => process.Signal(ChildProcess.Sigcont);
    }
}
