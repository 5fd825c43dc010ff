using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Xunit;

namespace AsyncApi.TestSupport;

/// <summary>A private nginx with one worker that serves folders on a free loopback port and keeps all of its files in a folder of its own.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly TempFolder _prefix;

    private Nginx(ChildProcess process, TempFolder prefix, Uri address)
    {
        _process = process;
        _prefix = prefix;
        Address = address;
    }

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts it and returns once it accepts connections; the test is skipped where nginx is not installed.</summary>
    /// <param name="folders">Path prefixes and the folders behind them: <c>["/doc/"] = "/usr/share/doc"</c>.</param>
    /// <param name="core">Pins it to this processor, for benchmarks.</param>
    public static Task<Nginx> StartAsync(IReadOnlyDictionary<string, string> folders, int? core = null)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return StartAsync(new NginxSite(string.Concat(folders.Select(
            folder => $"    location {folder.Key} {{ alias \"{Path.TrimEndingDirectorySeparator(folder.Value)}/\"; }}\n"))), core);
    }

    /// <summary>The same with locations of the caller's own.</summary>
    public static async Task<Nginx> StartAsync(NginxSite site, int? core = null)
    {
        ArgumentNullException.ThrowIfNull(site);
        string nginx = Tool.Require("nginx");
        TempFolder prefix = new();
        int port = LoopbackPort.Free();
        string configuration = prefix.File("nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(site, port), TestContext.Current.CancellationToken);
        string[] command = [nginx, "-p", prefix.Path, "-c", configuration, "-e", "stderr"];
        if (core is not null)
        {
            // taskset replaces itself with nginx, so the process id is nginx's own.
            command = [Tool.Require("taskset"), "-c", core.Value.ToString(CultureInfo.InvariantCulture), .. command];
        }

        Nginx server = new(ChildProcess.Start(new ProcessStartInfo(command[0], command[1..])), prefix, new Uri($"http://127.0.0.1:{port}/"));
        try
        {
            await Eventually.Until(() => server.AcceptsAsync(port));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The master ends its worker on SIGTERM; killed, it would leave it behind.
        _process.Terminate();
        await _process.WaitForExitAsync(Eventually.Deadline);
        await _process.DisposeAsync();
        _prefix.Dispose();
    }

    private static string Configuration(NginxSite site, int port)
    {
        // As root, nginx would hand its worker to a user who cannot read the test's folders.
        string user = Environment.IsPrivilegedProcess ? "user root;" : string.Empty;
        return $$"""
            {{string.Concat(site.Modules.Select(static module => $"load_module {module};\n"))}}
            {{user}}
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            error_log stderr error;
            events { worker_connections 16384; }
            http {
              access_log off;
              default_type application/octet-stream;
              types { text/html html htm; text/plain txt; application/json json; image/png png; }
              sendfile on;
              tcp_nodelay on;
              keepalive_requests 1000000;
              open_file_cache max=10000 inactive=60s;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              server {
                listen {{site.Listen}}:{{port}} backlog=8192;
                disable_symlinks off;
            {{site.Locations}}  }
            }
            """;
    }

    private async Task<bool> AcceptsAsync(int port)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"nginx did not start:\n{_process.Output}");
        }

        using TcpClient client = new();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>What an nginx of a caller's own serves.</summary>
/// <param name="Locations">The <c>location</c> blocks of its one server.</param>
public sealed record NginxSite(string Locations)
{
    /// <summary>The address that it listens on.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>Files of dynamic modules to load.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];
}
