using System.Net;
using System.Text;

namespace AsyncApi.Fetching;

/// <summary>A request whose connection is to be known. A type of its own: options would cost each request a dictionary.</summary>
internal sealed class TracedRequest(HttpMethod method, Uri url, OpenConnections connections) : HttpRequestMessage(method, url)
{
    // The stack asks for the encoding of each header that it writes, and hands over what it wrote on the same thread.
    [ThreadStatic]
    private static TracedRequest? _beingWritten;

    private int _connects;
    private bool _hadItsOwn;
    private bool _isTurnedAway;

    /// <summary>Where the connection leads that it went over, or else the one that was made for it; null while there was none.</summary>
    public IPEndPoint? Address { get; set; }

    /// <summary>Whether it, or some of it, went out over a connection that carries one request at a time.</summary>
    public bool IsWritten => Carrier is not null;

    /// <summary>
    /// Whether it may be sent over another connection when this one breaks before an answer: nothing of it went out, or it went over open ones
    /// alone, as open ones end at any time, and sending it twice does no harm (RFC 9112, 9.3.1).
    /// </summary>
    public bool MayGoAgain => _isTurnedAway || (IsWritten && !_hadItsOwn && MethodRules.IsIdempotent(Method));

    public OpenConnections Connections => connections;

    /// <summary>The connection that was made for it last.</summary>
    public TracedStream? Connection { get; set; }

    /// <summary>The connection that it went over, if that carries one request at a time.</summary>
    public TracedStream? Carrier { get; private set; }

    /// <summary>For <see cref="SocketsHttpHandler.RequestHeaderEncodingSelector"/>.</summary>
    public static Encoding EncodingOf(string header, HttpRequestMessage request)
    {
        _beingWritten = request as TracedRequest;
        return Encoding.UTF8;
    }

    /// <summary>The request that this thread is about to write to this host; null when it writes something else.</summary>
    public static TracedRequest? TakeBeingWritten(DnsEndPoint host)
    {
        TracedRequest? request = _beingWritten;
        if (request is null || request.RequestUri!.Port != host.Port || request.RequestUri.IdnHost != host.Host)
        {
            return null;
        }

        _beingWritten = null;
        return request;
    }

    /// <summary>
    /// Whether the stack may make another connection for it. It may not when one that had carried nothing before took it: how often a request
    /// is sent is for the caller to decide. It may when open ones did that ended before an answer, as open ones do (RFC 9112, 9.3.1), and once
    /// when the one before took nothing: then that carries many requests, and its peer said that it did nothing with this one (RFC 9113, 6.8 and 8.7).
    /// </summary>
    public bool MayConnect() => ++_connects == 1 || (!_hadItsOwn && (IsWritten || _connects == 2));

    /// <summary>A connection was made for it.</summary>
    public void Connected(TracedStream connection, IPEndPoint address)
    {
        Connection = connection;
        // It may have gone over another one meanwhile that became free.
        Address = IsWritten ? Address : address;
    }

    public void Written(TracedStream carrier, IPEndPoint address)
    {
        _hadItsOwn |= !carrier.IsUsed;
        Carrier = carrier;
        Address = address;
    }

    /// <summary>Nothing of it went out: the connection that it was to go over may have given its last answer.</summary>
    public void TurnedAway() => _isTurnedAway = true;

    protected override void Dispose(bool disposing)
    {
        // A thread may have it in mind until it writes the next one: not with its body.
        if (disposing && Content is { } body)
        {
            Content = null;
            body.Dispose();
        }

        base.Dispose(disposing);
    }
}
