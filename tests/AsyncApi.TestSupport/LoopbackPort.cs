using System.Net;
using System.Net.Sockets;

namespace AsyncApi.TestSupport;

/// <summary>For programs that must be told their port. What listens in the test process itself takes port 0.</summary>
public static class LoopbackPort
{
    /// <summary>A port that was free a moment ago.</summary>
    public static int Free()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
