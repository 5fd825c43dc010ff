using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AsyncApi.Tests.StaticFiles;

/// <summary>Requests as an attacker writes them: no client tidies up the path.</summary>
internal static class RawHttp
{
    public static async Task<string> GetAsync(Uri address, string path)
    {
        using Socket client = new(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        await using NetworkStream stream = new(client);
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
