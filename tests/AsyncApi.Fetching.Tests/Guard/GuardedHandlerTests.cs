using System.Diagnostics;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AsyncApi.Fetching.Tests.Guard;

/// <summary>One test at a time: the process-wide proxy and activity listeners are changed here.</summary>
[CollectionDefinition(nameof(GuardedHandlerTests), DisableParallelization = true)]
public sealed class GuardedHandlerRunsAlone;

[Collection(nameof(GuardedHandlerTests))]
public sealed class GuardedHandlerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_default_proxy_is_not_used()
    {
        await using TargetSite site = await TargetSite.StartAsync();
        await using TargetSite proxy = await TargetSite.StartAsync();
        IWebProxy before = HttpClient.DefaultProxy;
        // What HTTP_PROXY and ALL_PROXY become, once in the life of a process.
        HttpClient.DefaultProxy = new WebProxy($"http://127.0.0.1:{proxy.Port}");
        try
        {
            using HttpClient stock = new();
            await stock.GetStringAsync(new Uri($"http://a.test:{site.Port}/stock"), Token);
            using HttpMessageInvoker client = Client(site);
            using HttpResponseMessage response = await GetAsync(client, $"http://a.test:{site.Port}/guarded");
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        proxy.Seen.ShouldHaveSingleItem().Target.ShouldEndWith("/stock");
        site.Seen.ShouldHaveSingleItem().Target.ShouldBe("/guarded");
    }

    [Fact]
    public async Task Send_inside_a_trace_tells_nobody()
    {
        await using TargetSite site = await TargetSite.StartAsync();
        using Activity activity = new("caller");
        activity.SetIdFormat(ActivityIdFormat.W3C).AddBaggage("tenant", "secret").Start();
        activity.TraceStateString = "a=b";

        using HttpClient stock = new();
        await stock.GetStringAsync(new Uri($"http://127.0.0.1:{site.Port}/stock"), Token);
        using HttpMessageInvoker client = Client(site);
        using HttpResponseMessage response = await GetAsync(client, $"http://127.0.0.1:{site.Port}/guarded");

        site.Seen.First().Headers.ShouldContainKey("traceparent");
        site.Seen.Last().Headers.Keys.ShouldBe(["Host"]);
    }

    [Fact]
    public async Task Send_cookie_that_was_set_is_forgotten()
    {
        await using TargetSite site = await TargetSite.StartAsync();
        using HttpMessageInvoker client = Client(site);

        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage response = await GetAsync(client, $"http://127.0.0.1:{site.Port}/");
            response.Headers.Contains("Set-Cookie").ShouldBeTrue();
        }

        site.Seen.Count.ShouldBe(2);
        site.Seen.ShouldAllBe(seen => !seen.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task Send_redirect_is_an_answer_and_not_followed()
    {
        await using TargetSite site = await TargetSite.StartAsync();
        using HttpMessageInvoker client = Client(site);

        using HttpResponseMessage response = await GetAsync(client, $"http://127.0.0.1:{site.Port}/redirect");

        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        site.Seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Send_to_forbidden_port_is_blocked_and_opens_no_connection()
    {
        await using TargetSite site = await TargetSite.StartAsync();
        using Listener forbidden = new();
        using HttpMessageInvoker client = Client(site);

        HttpRequestException failure = await Should.ThrowAsync<HttpRequestException>(() => GetAsync(client, $"http://127.0.0.1:{forbidden.Port}/"));

        ConnectFailures.Of(failure).ShouldBe(ConnectFailure.Blocked);
        forbidden.WasReached.ShouldBeFalse();
    }

    [Fact]
    public async Task Send_over_new_and_open_connection_tells_the_address_through_a_shared_peer()
    {
        await using TargetSite site = await TargetSite.StartAsync();
        using HttpMessageInvoker client = Client(site);
        ConnectedPeer peer = new();

        for (int i = 0; i < 2; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, $"http://a.test:{site.Port}/");
            request.Options.Set(ConnectedPeer.OptionsKey, peer);
            using HttpResponseMessage response = await client.SendAsync(request, Token);
            peer.Address.ShouldBe(IPAddress.Loopback);
        }
    }

    [Fact]
    public async Task Send_unicode_header_value_arrives_as_utf8()
    {
        await using TargetSite site = await TargetSite.StartAsync();
        using HttpMessageInvoker client = Client(site);
        using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{site.Port}/");
        request.Headers.Add("X-A", "\u00fc\ud83d\ude00");

        using HttpResponseMessage response = await client.SendAsync(request, Token);

        site.Seen.ShouldHaveSingleItem().Headers["X-A"].ToString().ShouldBe("\u00fc\ud83d\ude00");
    }

    [Theory]
    [InlineData(3, HttpVersionPolicy.RequestVersionOrLower)]
    [InlineData(3, HttpVersionPolicy.RequestVersionExact)]
    [InlineData(2, HttpVersionPolicy.RequestVersionOrHigher)]
    public async Task Send_request_that_could_use_quic_is_refused(int major, HttpVersionPolicy policy)
    {
        await using TargetSite site = await TargetSite.StartAsync();
        using HttpMessageInvoker client = Client(site);
        using HttpRequestMessage request = new(HttpMethod.Get, $"https://a.test:{site.Port}/") { Version = new Version(major, 0), VersionPolicy = policy };

        await Should.ThrowAsync<InvalidOperationException>(() => client.SendAsync(request, Token));
        site.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Send_to_trusted_certificate_succeeds()
    {
        using X509Certificate2 certificate = Certificate("a.test", TimeSpan.FromDays(1));
        await using TargetSite site = await TargetSite.StartAsync(certificate);
        using HttpMessageInvoker client = Client(site, certificate);

        using HttpResponseMessage response = await GetAsync(client, $"https://a.test:{site.Port}/");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("a.test", 1, false)]
    [InlineData("other.test", 1, true)]
    [InlineData("a.test", -1, true)]
    public async Task Send_to_bad_certificate_is_refused(string name, int daysLeft, bool trusted)
    {
        using X509Certificate2 certificate = Certificate(name, TimeSpan.FromDays(daysLeft));
        await using TargetSite site = await TargetSite.StartAsync(certificate);
        using HttpMessageInvoker client = Client(site, trusted ? certificate : null);

        HttpRequestException failure = await Should.ThrowAsync<HttpRequestException>(() => GetAsync(client, $"https://a.test:{site.Port}/"));

        failure.HttpRequestError.ShouldBe(HttpRequestError.SecureConnectionError);
        ConnectFailures.Of(failure).ShouldBeNull();
        site.Seen.ShouldBeEmpty();
    }

    [Fact]
    public void Create_handler_takes_no_old_tls_and_checks_certificates()
    {
        using HttpMessageHandler handler = GuardedHandler.Create(new GuardedConnector(new AddressPolicy()));

        SocketsHttpHandler sockets = handler.ShouldBeOfType<TcpOnlyHandler>().InnerHandler.ShouldBeOfType<SocketsHttpHandler>();
        sockets.SslOptions.EnabledSslProtocols.ShouldBe(SslProtocols.Tls12 | SslProtocols.Tls13);
        sockets.SslOptions.RemoteCertificateValidationCallback.ShouldBeNull();
        sockets.PooledConnectionLifetime.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(2));
    }

    private static HttpMessageInvoker Client(TargetSite site, X509Certificate2? root = null)
    {
        GuardedConnector connector = new(Policies.Allowing($"127.0.0.1:{site.Port}"), resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        return new HttpMessageInvoker(GuardedHandler.Create(connector, root is null ? null : [root]));
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpMessageInvoker client, string url)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        return await client.SendAsync(request, Token);
    }

    private static X509Certificate2 Certificate(string name, TimeSpan left)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-10), now + left);
    }
}
