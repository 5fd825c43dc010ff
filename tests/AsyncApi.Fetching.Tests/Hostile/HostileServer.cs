using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AsyncApi.Fetching.Tests.Hostile;

/// <summary>
/// A bare socket that answers each path in its own way, right or wrong (<see cref="HostileAnswers"/>). It speaks as much HTTP
/// as it takes to know the path, and counts each connection and request before it answers.
/// </summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, int> _hits = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private int _accepted;

    public HostileServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that came so far.</summary>
    public int Connections => Volatile.Read(ref _accepted);

    public string Url(string path) => $"http://127.0.0.1:{Port}/{path}";

    public int Hits(string path) => _hits.GetValueOrDefault("/" + path);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stopping.Token);
                Interlocked.Increment(ref _accepted);
                _connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using HostileExchange exchange = new(socket, _stopping.Token);
        try
        {
            while (await exchange.ReadPathAsync() is { } path)
            {
                _hits.AddOrUpdate(path, 1, static (_, hits) => hits + 1);
                await HostileAnswers.Named(path[1..])(exchange);
                if (exchange.IsOver)
                {
                    return;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // The client left, as it should leave an answer like these.
        }
    }
}

/// <summary>One connection, as the answers see it.</summary>
internal sealed class HostileExchange(Socket socket, CancellationToken stopping) : IAsyncDisposable
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>True when nothing more is read from the connection.</summary>
    public bool IsOver { get; private set; }

    public async Task<string?> ReadPathAsync()
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head.Count < 64 * 1024)
        {
            if (await _stream.ReadAsync(one, stopping) == 0)
            {
                return null;
            }

            head.Add(one[0]);
            if (head.Count >= 4 && head[^4..].SequenceEqual(EndOfHead))
            {
                string text = Encoding.Latin1.GetString([.. head]);
                await _stream.ReadExactlyAsync(new byte[BodyLength(text)], stopping);
                return text.Split(' ')[1];
            }
        }

        return null;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes, stopping).AsTask();

    public Task PauseAsync(int milliseconds) => Task.Delay(milliseconds, stopping);

    /// <summary>Waits until the client gives up.</summary>
    public async Task HangAsync()
    {
        IsOver = true;
        byte[] rest = new byte[1024];
        while (await _stream.ReadAsync(rest, stopping) > 0)
        {
        }
    }

    public void Close() => IsOver = true;

    public void Reset()
    {
        IsOver = true;
        socket.LingerState = new LingerOption(enable: true, 0);
        socket.Close();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static int BodyLength(string head)
    {
        const string Name = "Content-Length: ";
        string? line = Array.Find(head.Split("\r\n"), static line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line[Name.Length..], CultureInfo.InvariantCulture);
    }
}
