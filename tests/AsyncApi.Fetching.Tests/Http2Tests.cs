using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AsyncApi.Fetching.Tests;

public sealed class Http2Tests : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = Certificate();
    private TargetServer _target = null!;
    private int _refused;

    public async ValueTask InitializeAsync() => _target = await TargetServer.StartAsync(
        app =>
        {
            app.Map("/protocol", static async context =>
            {
                await Task.Delay(2, context.RequestAborted);
                await context.Response.WriteAsync(context.Request.Protocol, context.RequestAborted);
            });
            app.Map("/refuse/{times:int}/{error:int}", (HttpContext context, int times, int error) =>
            {
                if (Interlocked.Increment(ref _refused) <= times)
                {
                    context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(error);
                }
            });
        },
        endpoint => endpoint.UseHttps(_certificate));

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task Over_tls_the_peers_agree_on_http2_and_the_limits_hold()
    {
        await using FetchEngine engine = Engine(_certificate);
        FetchRequest[] requests = [.. Enumerable.Range(0, 400).Select(i => Loopback.Get(Url("protocol"), i))];

        List<FetchResult> results = await engine.AllAsync(requests, new FetchOptions { Concurrency = 20, PerHostConcurrency = 15 });

        results.Count.ShouldBe(400);
        results.ShouldAllBe(static result => result.Text() == "HTTP/2");
        _target.MaxConcurrency.ShouldBeInRange(2, 15);
        _target.Aborted.ShouldBe(0);
    }

    [Fact]
    public async Task Bodies_of_known_length_are_read_to_their_end()
    {
        await using FetchEngine engine = Engine(_certificate);
        FetchRequest[] requests = [.. Enumerable.Range(0, 300).Select(i => Loopback.Get(Url("bytes/10000"), i))];

        List<FetchResult> results = await engine.AllAsync(requests, new FetchOptions { Retry = Loopback.NoRetries });

        results.ShouldAllBe(static result => result.Reason == FetchReason.None && result.Body.Length == 10_000);
        _target.Aborted.ShouldBe(0);
    }

    [Fact]
    public async Task Untrusted_certificate_ends_as_tls_and_is_not_tried_again()
    {
        using X509Certificate2 other = Certificate();
        await using FetchEngine engine = Engine(other);

        FetchResult result = await engine.OneAsync(Url("protocol"));

        (result.Reason, result.Attempts, _target.TotalHits).ShouldBe((FetchReason.Tls, 1, 0));
    }

    [Theory]
    [InlineData(7, FetchReason.None)]
    [InlineData(2, FetchReason.Protocol)]
    public async Task Post_is_tried_again_when_the_peer_refused_to_take_it_and_not_when_it_broke_off(int error, FetchReason reason)
    {
        await using FetchEngine engine = Engine(_certificate);
        FetchRequest request = Loopback.Post(Url($"refuse/8/{error}"), "body");

        FetchResult result = await engine.OneAsync(request, new FetchOptions { Retry = Loopback.QuickRetries });

        result.Reason.ShouldBe(reason, result.Message);
        (result.Attempts > 1).ShouldBe(reason is FetchReason.None);
    }

    [Fact]
    public async Task Redirect_from_https_to_http_is_blocked()
    {
        await using TargetServer plain = await TargetServer.StartAsync();
        await using FetchEngine engine = Engine(_certificate);

        FetchResult result = await engine.OneAsync(Url($"redirect-to?url={Uri.EscapeDataString(plain.Url("ok/1"))}"));

        (result.Reason, plain.TotalHits).ShouldBe((FetchReason.Blocked, 0));
    }

    /// <summary>An engine that trusts this certificate and finds every name at this machine.</summary>
    internal static FetchEngine Engine(X509Certificate2 root, Func<IPAddress>? resolve = null)
    {
        GuardedConnector connector = new(
            Loopback.EngineOptions.AddressPolicy, resolve: (_, _) => Task.FromResult<IPAddress[]>([resolve?.Invoke() ?? IPAddress.Loopback]));
        return new FetchEngine(Loopback.EngineOptions, TimeProvider.System, new Random(1), GuardedHandler.Create(connector, [root]));
    }

    private string Url(string path) => $"https://a.test:{_target.Address.Port}/{path}";

    internal static X509Certificate2 Certificate()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=a.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("a.test");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
