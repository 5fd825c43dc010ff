using System.Net;

namespace AsyncApi.Fetching;

/// <summary>
/// Where <see cref="GuardedConnector"/> writes the address it really connected to. Put one into a request's options before it is
/// sent; one object may serve all requests to a host, and then also answers for those that found an open connection.
/// </summary>
/// <remarks>
/// An object in the options rather than a value: a connection may come about after its request was answered on another one, and by
/// then nothing may write into that request's options.
/// </remarks>
public sealed class ConnectedPeer
{
    private volatile IPAddress? _address;

    /// <summary>The key under which the connector looks for it.</summary>
    public static HttpRequestOptionsKey<ConnectedPeer> OptionsKey { get; } = new("AsyncApi.Fetching.ConnectedPeer");

    /// <summary>The latest address connected to; null before the first.</summary>
    public IPAddress? Address
    {
        get => _address;
        internal set => _address = value;
    }
}
