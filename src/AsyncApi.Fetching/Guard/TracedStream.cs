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
    private volatile bool _persists;
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

    /// <summary>Whether a request went over it before.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>For <see cref="SocketsHttpHandler.PlaintextStreamFilter"/>: the peers have agreed on a version of HTTP.</summary>
    public static ValueTask<Stream> AgreedAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken token)
    {
        (context.InitialRequestMessage as TracedRequest)?.Connection?.Agreed(context.NegotiatedHttpVersion);
        return new(context.PlaintextStream);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Not before the peers agreed: what is written then is a handshake.
        if (_carriesOne && TracedRequest.TakeBeingWritten(_host) is { } request)
        {
            if (IsUsed && !_persists)
            {
                request.TurnedAway();
                return ValueTask.FromException(new IOException("The connection may have given its last answer."));
            }

            request.Written(this, _address);
            IsUsed = true;
        }

        return base.WriteAsync(buffer, cancellationToken);
    }

    /// <summary>
    /// An answer has begun. The stack does not know that one of HTTP/1.0 is the connection's last (RFC 9112, 9.3), and would send the next
    /// request into the peer's close. It may do so before this is called: nothing else goes over a connection of which it is not known.
    /// </summary>
    public void Answered(bool persists) => _persists = persists;

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
