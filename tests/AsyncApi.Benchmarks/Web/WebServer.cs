using System.Diagnostics;
using System.Globalization;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Web;

/// <summary>A server that is measured: a process of its own on the measured processor.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _database;

    private WebServer(string name, Process process, Uri address, string database) => (Name, _process, Address, _database) = (name, process, address, database);

    public string Name { get; }

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>A server in Python: the system's own, which has the packages of the distribution.</summary>
    public static async Task<WebServer> StartPythonAsync(string name, string script, TempFolder data, CancellationToken token)
    {
        int port = LoopbackPort.Free();
        string[] command = ["/usr/bin/python3", File(script), port.ToString(CultureInfo.InvariantCulture), data.File($"{name}.db")];
        return await StartAsync(name, new ProcessStartInfo(Tool.Require("taskset"), Pinned(command)), port, command[^1], token);
    }

    /// <summary><see cref="BareServer"/>: this same program once more.</summary>
    public static async Task<WebServer> StartBareAsync(TempFolder data, CancellationToken token)
    {
        int port = LoopbackPort.Free();
        string[] command =
            [typeof(WebServer).Assembly.Location, BareServer.Command, port.ToString(CultureInfo.InvariantCulture), data.File("bare.db")];
        return await StartAsync("bare minimal API", Machine.Pinned(command), port, command[^1], token);
    }

    /// <summary>The service in Production settings; its queue is as long as it may be, since nothing may be refused.</summary>
    public static async Task<WebServer> StartServiceAsync(TempFolder data, CancellationToken token)
    {
        int port = LoopbackPort.Free();
        ProcessStartInfo start = new(Tool.Require("taskset"), Pinned([Tool.Require("dotnet"), Repository.ServiceAssembly()]))
        {
            WorkingDirectory = Repository.ServiceFolder,
        };
        start.Environment[Machine.PromptTiering.Key] = Machine.PromptTiering.Value;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Urls"] = $"http://127.0.0.1:{port}";
        start.Environment["Storage__Path"] = data.File("service");
        start.Environment["Jobs__MaxQueued"] = "1000000";
        return await StartAsync("AsyncApi", start, port, data.File("service"), token);
    }

    /// <summary>A script beside this file.</summary>
    public static string File(string name) => Path.Combine(Repository.Root, "tests", "AsyncApi.Benchmarks", "Web", name);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    public override string ToString() => $"{Name} on {Address} over {_database}";

    private static string[] Pinned(string[] command) => ["-c", Machine.MeasuredCore.ToString(CultureInfo.InvariantCulture), .. command];

    /// <summary>Starts a server and returns once it answers on its port of loopback.</summary>
    public static async Task<WebServer> StartAsync(string name, ProcessStartInfo start, int port, string database, CancellationToken token)
    {
        // Read by nobody: what it logs must cost it what it costs in production, and not stop it when the pipe is full.
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        Process process = Process.Start(start)!;
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        WebServer server = new(name, process, new Uri($"http://127.0.0.1:{port}"), database);
        using HttpClient client = new() { BaseAddress = server.Address };
        await Eventually.Until(
            async () =>
            {
                if (process.HasExited)
                {
                    throw new InvalidOperationException($"{name} exited with {process.ExitCode}.");
                }

                try
                {
                    using HttpResponseMessage answer = await client.GetAsync(server.Address, token);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            });
        return server;
    }
}
