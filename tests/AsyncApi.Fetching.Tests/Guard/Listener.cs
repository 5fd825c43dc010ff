using System.Net;
using System.Net.Sockets;

namespace AsyncApi.Fetching.Tests.Guard;

/// <summary>A port that takes connections and says nothing; it knows whether any arrived.</summary>
internal sealed class Listener : IDisposable
{
    private readonly TcpListener _listener;

    public Listener(IPAddress? address = null, int port = 0)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool WasReached => _listener.Pending();

    public void Dispose() => _listener.Dispose();
}
