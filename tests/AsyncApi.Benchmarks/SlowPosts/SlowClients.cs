using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AsyncApi.Benchmarks.SlowPosts;

/// <summary>Clients that post a form to <c>/demo1</c> a few bytes a second, all at once, each on a connection of its own.</summary>
internal sealed class SlowClients : IDisposable
{
    // The sockets take turns within each second: a thousand bytes here and there, and no burst.
    private const int TurnsPerSecond = 100;

    private readonly Socket[] _clients;
    private readonly byte[] _piece;

    private SlowClients(Socket[] clients, int bytesPerSecond) => (_clients, _piece) = (clients, [.. Enumerable.Repeat((byte)'x', bytesPerSecond)]);

    /// <summary>Returns when every client has sent its headers and the beginning of its form.</summary>
    /// <param name="seconds">How long each will take over its form.</param>
    public static async Task<SlowClients> BeginAsync(Uri service, int count, int bytesPerSecond, int seconds, CancellationToken token)
    {
        byte[] head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /demo1/slow HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {4 + (bytesPerSecond * seconds)}\r\n\r\nkey="));
        return new SlowClients(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => ConnectAsync(service, head, token))), bytesPerSecond);
    }

    /// <summary>Sends each its bytes, second after second.</summary>
    public async Task DribbleAsync(int seconds, CancellationToken token)
    {
        using PeriodicTimer turns = new(TimeSpan.FromSeconds(1.0 / TurnsPerSecond), TimeProvider.System);
        Stopwatch clock = Stopwatch.StartNew();
        for (int turn = 0; turn < seconds * TurnsPerSecond; turn++)
        {
            // A turn that comes late is made up for, or the clients would be slower than they mean to be.
            while (clock.Elapsed.TotalSeconds * TurnsPerSecond < turn)
            {
                await turns.WaitForNextTickAsync(token);
            }

            for (int i = turn % TurnsPerSecond; i < _clients.Length; i += TurnsPerSecond)
            {
                await SendAsync(_clients[i], _piece, token);
            }
        }
    }

    /// <summary>The status of each answer, 0 for a connection that was cut without one; waits for all.</summary>
    public Task<int[]> StatusesAsync(CancellationToken token) => Task.WhenAll(_clients.Select(client => StatusAsync(client, token)));

    public void Dispose() => Array.ForEach(_clients, client => client.Dispose());

    private static async Task<Socket> ConnectAsync(Uri service, byte[] head, CancellationToken token)
    {
        Socket client = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, service.Port, token);
        await SendAsync(client, head, token);
        return client;
    }

    private static async Task SendAsync(Socket client, byte[] bytes, CancellationToken token)
    {
        try
        {
            await client.SendAsync(bytes.AsMemory(), token);
        }
        catch (SocketException)
        {
            // Cut off; its status says so.
        }
    }

    private static async Task<int> StatusAsync(Socket client, CancellationToken token)
    {
        byte[] answer = new byte[1024];
        try
        {
            int length = await client.ReceiveAsync(answer.AsMemory(), token);
            return length > 12 ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
