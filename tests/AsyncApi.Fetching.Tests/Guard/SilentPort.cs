using System.Net;
using System.Net.Sockets;

namespace AsyncApi.Fetching.Tests.Guard;

/// <summary>A port whose backlog is full: it drops what comes without a word, as a firewall does.</summary>
internal sealed class SilentPort : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private SilentPort(IPEndPoint endPoint)
    {
        _listener.Bind(endPoint);
        _listener.Listen(0);
    }

    public static async Task<SilentPort> OpenAsync(IPEndPoint endPoint)
    {
        SilentPort silent = new(endPoint);
        await silent._filler.ConnectAsync(silent._listener.LocalEndPoint!, TestContext.Current.CancellationToken);
        return silent;
    }

    public void Dispose()
    {
        _filler.Dispose();
        _listener.Dispose();
    }
}
