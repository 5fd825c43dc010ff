using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AsyncApi.Fetching.Tests;

/// <summary>Bare sockets on every address of 127.0.0.0/8 that take requests and never answer. It counts those with a request.</summary>
internal sealed class SilentServer : IAsyncDisposable
{
    // What the rest of the process may need of the files that it may have open.
    private const int OtherFiles = 2_000;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private int _asked;
    private int _open;

    public SilentServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        _listener.Listen(4_096);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Connections over which something came.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Those of them that are open. One that was made and not used may wait for another request.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>As many connections as this process may have: both ends are its own, and the runtime has raised its limit as far as it may.</summary>
    public static int MostConnections(int wanted)
    {
        string? limit = File.Exists("/proc/self/limits")
            ? File.ReadLines("/proc/self/limits").First(static line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]
            : null;
        return int.TryParse(limit, CultureInfo.InvariantCulture, out int files) ? Math.Min(wanted, (files - OtherFiles) / 2) : wanted;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(HoldAsync(await _listener.AcceptAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task HoldAsync(Socket socket)
    {
        bool asked = false;
        using (socket)
        {
            try
            {
                byte[] buffer = new byte[512];
                while (await socket.ReceiveAsync(buffer.AsMemory(), _stopping.Token) > 0)
                {
                    if (!asked)
                    {
                        asked = true;
                        Interlocked.Increment(ref _open);
                        Interlocked.Increment(ref _asked);
                    }
                }
            }
            catch (Exception over) when (over is SocketException or OperationCanceledException)
            {
                // Reset, or nobody needs it any more: that closes it, too.
            }
        }

        if (asked)
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
