using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace AsyncApi.Fetching;

/// <summary>A connection that tells the requests that go over it where it leads.</summary>
internal sealed class TracedStream : NetworkStream
{
    private readonly DnsEndPoint _host;
    private readonly IPEndPoint _address;
    private readonly OpenConnections _connections;
    private bool _carriesOne;
    private bool _carriesMany;
    private int _closed;

    [SuppressMessage("ApiDesign", "RS0030", Justification = "It opens nothing: the guard hands it what it connected.")]
    public TracedStream(Socket socket, DnsEndPoint host, TracedRequest request) : base(socket, ownsSocket: true)
    {
        _host = host;
        _address = (IPEndPoint)socket.RemoteEndPoint!;
        // Not the request itself: the connection outlives it.
        _connections = request.Connections;
        request.Connected(this, _address);
    }

    /// <summary>For <see cref="SocketsHttpHandler.PlaintextStreamFilter"/>: the peers have agreed on a version of HTTP.</summary>
    public static ValueTask<Stream> AgreedAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken token)
    {
        (context.InitialRequestMessage as TracedRequest)?.Connection?.Agreed(context.NegotiatedHttpVersion);
        return new(context.PlaintextStream);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Not before the peers agreed: what is written then is a handshake.
        if (_carriesOne)
            TracedRequest.TakeBeingWritten(_host)?.Written(_address);
        return base.WriteAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _closed, 1) == 0 && _carriesMany)
            _connections.Closed(_host);
        base.Dispose(disposing);
    }

    private void Agreed(Version version)
    {
        _carriesOne = version.Major == 1;
        if (!_carriesOne)
        {
            _carriesMany = true;
            _connections.Opened(_host, _address);
        }
    }
}
