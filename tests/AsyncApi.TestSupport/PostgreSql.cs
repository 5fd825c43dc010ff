using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AsyncApi.TestSupport;

/// <summary>
/// A private PostgreSQL server on a free loopback port, with all of its files in a folder of its own. The test is skipped where
/// PostgreSQL is not installed.
/// </summary>
public sealed partial class PostgreSql : IAsyncDisposable
{
    // PostgreSQL refuses to run as root.
    private const string Unprivileged = "nobody";

    private readonly TempFolder _folder;
    private readonly int _port;
    private ChildProcess? _server;
    private int _databases;

    private PostgreSql(TempFolder folder, int port)
    {
        _folder = folder;
        _port = port;
    }

    private string Data => _folder.File("data");

    /// <summary>Makes a cluster and starts it.</summary>
    public static async Task<PostgreSql> StartAsync()
    {
        string initdb = Tool.Require("initdb");
        TempFolder folder = new();
        PostgreSql server = new(folder, LoopbackPort.Free());
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync(["chown", Unprivileged, folder.Path]);
            }

            await RunAsync([.. AsUser(), initdb, "-D", server.Data, "-U", "asyncapi", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-k"]);
            await server.StartServerAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty database and tells how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await SqlAsync($"create database {name}");
        return ConnectionStringOf(name);
    }

    /// <summary>Runs SQL in the server's own database, by its own client.</summary>
    public async Task<string> SqlAsync(string sql, string database = "postgres")
    {
        string port = _port.ToString(CultureInfo.InvariantCulture);
        return await RunAsync([Tool.Require("psql"), "-X", "-q", "-t", "-A", "-h", "127.0.0.1", "-p", port, "-U", "asyncapi", "-d", database, "-c", sql]);
    }

    /// <summary>Stops the server at once, as a crash would.</summary>
    public async Task StopServerAsync()
    {
        ChildProcess server = _server!;
        _server = null;
        server.Signal(3);
        await server.WaitForExitAsync(Eventually.Deadline);
        await server.DisposeAsync();
    }

    public async Task StartServerAsync()
    {
        string port = _port.ToString(CultureInfo.InvariantCulture);
        string[] command =
        [
            .. AsUser(), Tool.Require("postgres"), "-D", Data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", "shared_buffers=32MB", "-c", "max_connections=400", "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "autovacuum=off",
        ];
        _server = ChildProcess.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = _folder.Path });
        await Eventually.Until(AnswersAsync);
    }

    /// <summary>Freezes every process of the server, as a hung machine would; dispose to let it go on.</summary>
    public IDisposable Freeze()
    {
        Signal(ChildProcess.Sigstop);
        return new Frozen(this);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await StopServerAsync();
        }

        _folder.Dispose();
    }

    private string ConnectionStringOf(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=asyncapi;Database={database}");

    private async Task<bool> AnswersAsync()
    {
        if (_server!.HasExited)
        {
            throw new InvalidOperationException($"PostgreSQL did not start:\n{_server.Output}");
        }

        try
        {
            return (await SqlAsync("select 1")).Trim() == "1";
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void Signal(int signal)
    {
        // The parent first: it has no more children then.
        _ = SendSignal(_server!.Id, signal);
        foreach (int process in ChildrenOf(_server.Id).ToList())
        {
            _ = SendSignal(process, signal);
        }
    }

    private static IEnumerable<int> ChildrenOf(int parent)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) && ParentOf(folder) == parent)
            {
                yield return id;
            }
        }
    }

    private static int ParentOf(string folder)
    {
        try
        {
            // After the name in brackets: the state, then the parent.
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string[] AsUser() => Environment.IsPrivilegedProcess
        ? [Tool.Require("setpriv"), $"--reuid={Unprivileged}", "--regid=nogroup", "--clear-groups"]
        : [];

    private static async Task<string> RunAsync(string[] command)
    {
        await using ChildProcess process = ChildProcess.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/" });
        int exitCode = await process.WaitForExitAsync(Eventually.Deadline);
        return exitCode == 0
            ? process.Output
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {exitCode}:\n{process.Output}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);

    private sealed class Frozen(PostgreSql server) : IDisposable
    {
        public void Dispose() => server.Signal(ChildProcess.Sigcont);
    }
}
