using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace AsyncApi.Fetching.Tests;

/// <summary>
/// As much of HTTP/2 over TLS as it takes to say goodbye: each connection takes so many requests, answers them with 200, and tells with
/// GOAWAY that it did nothing with what came after.
/// </summary>
/// <param name="certificate">Its own.</param>
/// <param name="takes">How many requests the connection of this number takes, from 0 on.</param>
internal sealed class Http2Goodbye(X509Certificate2 certificate, Func<int, int> takes) : IAsyncDisposable
{
    private const int PrefaceBytes = 24;
    private const int FrameHeaderBytes = 9;
    private const byte EndsStreamAndHeaders = 0x5;
    private const byte Acknowledges = 0x1;

    // ":status: 200" in the static table (RFC 7541, appendix A).
    private const byte Ok = 0x88;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private Task _accepting = Task.CompletedTask;
    private int _taken;
    private int _refused;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => _connections.Count;

    public int Taken => Volatile.Read(ref _taken);

    public int Refused => Volatile.Read(ref _refused);

    public void Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

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
            for (int number = 0; ; number++)
            {
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token), takes(number)));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(Socket socket, int most)
    {
        try
        {
            await using SslStream stream = new(new NetworkStream(socket, ownsSocket: true));
            SslServerAuthenticationOptions options = new() { ServerCertificate = certificate, ApplicationProtocols = [SslApplicationProtocol.Http2] };
            await stream.AuthenticateAsServerAsync(options, _stopping.Token);
            await stream.ReadExactlyAsync(new byte[PrefaceBytes], _stopping.Token);
            await WriteAsync(stream, Frame.Settings, flags: 0, id: 0, []);
            await TalkAsync(stream, most);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The client left.
        }
    }

    private async Task TalkAsync(SslStream stream, int most)
    {
        int taken = 0;
        int last = 0;
        bool isGoing = false;
        byte[] header = new byte[FrameHeaderBytes];
        while (true)
        {
            await stream.ReadExactlyAsync(header, _stopping.Token);
            await stream.ReadExactlyAsync(new byte[(header[0] << 16) | (header[1] << 8) | header[2]], _stopping.Token);
            (Frame type, byte flags, int id) = ((Frame)header[3], header[4], BitConverter.ToInt32([header[8], header[7], header[6], header[5]]));
            if (type is Frame.Settings && flags != Acknowledges)
            {
                await WriteAsync(stream, Frame.Settings, Acknowledges, id: 0, []);
            }
            else if (type is Frame.Headers && taken < most)
            {
                (taken, last) = (taken + 1, id);
                Interlocked.Increment(ref _taken);
                await WriteAsync(stream, Frame.Headers, EndsStreamAndHeaders, id, [Ok]);
            }
            else if (type is Frame.Headers)
            {
                Interlocked.Increment(ref _refused);
                if (!isGoing)
                {
                    isGoing = true;
                    // The last stream that was taken, and no error.
                    await WriteAsync(stream, Frame.GoAway, flags: 0, id: 0, [0, 0, (byte)(last >> 8), (byte)last, 0, 0, 0, 0]);
                }
            }
        }
    }

    private async Task WriteAsync(SslStream stream, Frame type, byte flags, int id, byte[] payload) =>
        await stream.WriteAsync(
            (byte[])[0, 0, (byte)payload.Length, (byte)type, flags, 0, 0, (byte)(id >> 8), (byte)id, .. payload], _stopping.Token);

    private enum Frame : byte
    {
        Headers = 1,
        Settings = 4,
        GoAway = 7,
    }
}
