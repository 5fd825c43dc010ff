namespace AsyncApi.Fetching;

/// <summary>
/// Refuses requests that could go out as HTTP/3: QUIC connects without the connect callback, so past the guard, and for
/// <see cref="HttpVersionPolicy.RequestVersionOrHigher"/> a server's <c>Alt-Svc</c> would decide when.
/// </summary>
internal sealed class TcpOnlyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Check(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Check(request);
        return base.Send(request, cancellationToken);
    }

    private static void Check(HttpRequestMessage request)
    {
        if (request.Version.Major > 2 || request.VersionPolicy == HttpVersionPolicy.RequestVersionOrHigher)
            throw new InvalidOperationException("Ask for HTTP/1.1 or HTTP/2 and no higher version: HTTP/3 would connect past the address guard.");
    }
}
