using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AsyncApi.Fetching.Dispatching;
using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching;

/// <summary>
/// The HTTP stack under everything that leaves. It does nothing by itself: no proxy, cookies, credentials, redirects, decoding or
/// trace headers, and no limit of its own that could queue a request where nobody sees it.
/// </summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "The one place that makes the HTTP stack: the ban sends all others here.")]
public static class GuardedHandler
{
    /// <summary>How long an open connection is used before its name is looked up and judged again.</summary>
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>How long an idle connection stays open. Its buffers alone take 8 KB, and a fetch of very many hosts leaves one behind at each.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A handler that connects through <paramref name="connector"/> alone. It takes HTTP/1.1 and HTTP/2 and throws on a request that might
    /// go out as HTTP/3. Dispose it to close its connections.
    /// </summary>
    public static HttpMessageHandler Create(GuardedConnector connector) => Create(connector, trustedRoots: null);

    /// <summary>Why a request through such a handler failed, told by what it threw. A time-out of the caller's own it can't know.</summary>
    public static FetchReason ReasonOf(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return Failures.ToOutcome(failure, AttemptCut.None).Reason;
    }

    /// <summary>For tests against servers of their own: trusts these roots, and only these. Names and dates are checked all the same.</summary>
    internal static HttpMessageHandler Create(GuardedConnector connector, X509Certificate2Collection? trustedRoots) =>
        new TcpOnlyHandler(CreateStack(connector, trustedRoots));

    private static SocketsHttpHandler CreateStack(GuardedConnector connector, X509Certificate2Collection? trustedRoots)
    {
        ArgumentNullException.ThrowIfNull(connector);
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = connector.ConnectAsync,
            PlaintextStreamFilter = TracedStream.AgreedAsync,
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            Credentials = null,
            PreAuthenticate = false,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            MaxConnectionsPerServer = int.MaxValue,
            // KiB.
            MaxResponseHeadersLength = 32,
            // A body that is left early closes its connection: reading on to save it would be the sender's choice of how long.
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = ConnectionLifetime,
            PooledConnectionIdleTimeout = IdleLimit,
            // Lookup, connect and TLS. The attempt's own clock ends the request; this one ends a connection nobody waits for any more.
            ConnectTimeout = GuardedConnector.LookupLimit + GuardedConnector.ConnectLimit + TimeSpan.FromSeconds(5),
            Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
            // A dead HTTP/2 connection would take every request that comes with it.
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            RequestHeaderEncodingSelector = TracedRequest.EncodingOf,
        };
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (trustedRoots is not null)
            handler.SslOptions.CertificateChainPolicy = Trusting(trustedRoots);
        return handler;
    }

    private static X509ChainPolicy Trusting(X509Certificate2Collection roots)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
