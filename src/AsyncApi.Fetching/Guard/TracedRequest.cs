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

    /// <summary>Where the connection leads that it went over, or else the one that was made for it; null while there was none.</summary>
    public IPEndPoint? Address { get; set; }

    /// <summary>Whether it, or some of it, went out over a connection that carries one request at a time.</summary>
    public bool IsWritten { get; private set; }

    public OpenConnections Connections => connections;

    /// <summary>The connection that was made for it last.</summary>
    public TracedStream? Connection { get; set; }

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
    /// Whether the stack may make another connection for it. It may once more when the one before took nothing of it: then it carries many
    /// requests, and its peer said that it did nothing with this one (RFC 9113, 6.8 and 8.7).
    /// </summary>
    public bool MayConnect() => ++_connects == 1 || (_connects == 2 && !IsWritten);

    /// <summary>A connection was made for it.</summary>
    public void Connected(TracedStream connection, IPEndPoint address)
    {
        Connection = connection;
        // It may have gone over another one meanwhile that became free.
        Address = IsWritten ? Address : address;
    }

    public void Written(IPEndPoint address)
    {
        IsWritten = true;
        Address = address;
    }

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
