using System.Net;

namespace AsyncApi.Echo;

/// <summary>Where the two servers listen; null where one does not.</summary>
internal sealed class EchoAddresses
{
    public IPEndPoint? Tcp { get; set; }

    public IPEndPoint? Udp { get; set; }
}
