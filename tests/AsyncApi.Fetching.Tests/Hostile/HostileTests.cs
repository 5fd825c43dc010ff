using System.Net;
using System.Net.Sockets;
using System.Text;
using AsyncApi.Fetching.Sending;
using AsyncApi.Fetching.Tests.Guard;
using AsyncApi.TestSupport;

namespace AsyncApi.Fetching.Tests.Hostile;

/// <summary>Whatever a target does, a request ends with the right reason, in time, and the next one to the same host works.</summary>
public sealed class HostileTests : IAsyncLifetime
{
    // By the engine's own clock, since a busy machine starts the next step of a test late.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private static readonly FetchOptions Once = new() { Timeout = TimeSpan.FromSeconds(10), Retry = Loopback.NoRetries, MaxBodyBytes = 256 * 1024 };

    private readonly HostileServer _server = new();
    private readonly FetchEngine _engine = Loopback.Engine();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("hang-after-headers")]
    [InlineData("hang-in-body")]
    [InlineData("slow-headers")]
    [InlineData("slow-body")]
    public async Task Target_that_takes_its_time_ends_as_timeout(string path)
    {
        FetchResult result = await FetchAsync(path, Once with { Timeout = TimeSpan.FromSeconds(0.4) });

        result.Reason.ShouldBe(FetchReason.Timeout);
        result.Duration.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(0.4));
    }

    [Theory]
    [InlineData("gzip-bad-crc")]
    [InlineData("gzip-garbage")]
    [InlineData("deflate-garbage")]
    [InlineData("br-garbage")]
    [InlineData("gzip-truncated")]
    [InlineData("deflate-truncated")]
    [InlineData("br-truncated")]
    [InlineData("huge-header")]
    [InlineData("many-headers")]
    [InlineData("endless-headers")]
    [InlineData("continue-flood")]
    [InlineData("reset-before-headers")]
    [InlineData("reset-in-headers")]
    [InlineData("reset-after-headers")]
    [InlineData("reset-in-body")]
    [InlineData("close")]
    [InlineData("close-in-headers")]
    [InlineData("truncated")]
    [InlineData("chunk-size")]
    [InlineData("chunk-negative")]
    [InlineData("chunk-huge")]
    [InlineData("chunk-truncated")]
    [InlineData("chunk-no-end")]
    [InlineData("chunk-no-newline")]
    [InlineData("status-line-garbage")]
    [InlineData("status-line-letters")]
    [InlineData("status-line-icy")]
    [InlineData("status-1000")]
    [InlineData("header-no-colon")]
    [InlineData("header-space")]
    public async Task Target_that_does_not_speak_http_ends_as_protocol(string path)
    {
        FetchResult result = await FetchAsync(path, Once);

        result.Reason.ShouldBe(FetchReason.Protocol);
        result.Body.Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("continue-some")]
    [InlineData("early-hints")]
    [InlineData("chunk-and-length")]
    [InlineData("header-bare-lf")]
    [InlineData("header-fold")]
    [InlineData("header-nul")]
    [InlineData("desync")]
    [InlineData("stale")]
    [InlineData("bad-charset")]
    public async Task Target_that_is_odd_but_legible_is_an_answer(string path)
    {
        FetchResult result = await FetchAsync(path, Once);

        result.Reason.ShouldBe(FetchReason.None, result.Message);
        result.Text().ShouldBe("ok");
    }

    [Fact]
    public async Task Status_over_599_is_an_answer_that_failed()
    {
        FetchResult result = await FetchAsync("status-999", Once);

        (result.Reason, result.Status).ShouldBe((FetchReason.HttpStatus, 999));
    }

    [Theory]
    [InlineData("infinite")]
    [InlineData("infinite-close")]
    [InlineData("gzip-bomb")]
    public async Task Body_without_end_is_cut_at_the_cap(string path)
    {
        FetchResult result = await FetchAsync(path, Once);

        result.Reason.ShouldBe(FetchReason.None);
        (result.Body.Length, result.Body.Truncated).ShouldBe((Once.MaxBodyBytes, true));
    }

    [Theory]
    [InlineData("gzip-bomb")]
    [InlineData("deflate-bomb")]
    [InlineData("br-bomb")]
    public async Task Body_that_unpacks_beyond_measure_ends_as_bomb(string path)
    {
        FetchResult result = await FetchAsync(path, Once with { MaxBodyBytes = 64 * 1024 * 1024 });

        result.Reason.ShouldBe(FetchReason.Bomb);
        result.Body.Length.ShouldBeLessThan(11 * 1024 * 1024);
    }

    [Theory]
    [InlineData("layered-gzip")]
    [InlineData("twice-encoded")]
    [InlineData("unknown-coding")]
    public async Task Body_is_unpacked_once_at_most(string path)
    {
        FetchResult result = await FetchAsync(path, Once);

        byte[] expected = path == "unknown-coding" ? Encoding.ASCII.GetBytes("as it came") : HostileAnswers.Inner;
        if (path == "twice-encoded")
        {
            // Two codings: neither is undone.
            result.Body.Length.ShouldBeGreaterThan(HostileAnswers.Inner.Length);
            return;
        }

        result.Body.Memory.ToArray().ShouldBe(expected);
    }

    [Theory]
    [InlineData("raw-deflate")]
    [InlineData("deflate")]
    public async Task Deflate_is_unpacked_with_and_without_its_wrapper(string path)
    {
        FetchResult result = await FetchAsync(path, Once);

        result.Body.Memory.ToArray().ShouldBe(HostileAnswers.SomeText);
    }

    [Fact]
    public async Task Bytes_are_kept_as_they_came()
    {
        FetchResult result = await FetchAsync("nul-bytes", Once);

        result.Body.Memory.ToArray().ShouldBe([(byte)'a', 0, (byte)'b', 0xff]);
    }

    [Fact]
    public async Task Connections_that_went_stale_fail_nothing()
    {
        for (int i = 0; i < 100; i++)
        {
            FetchResult result = await _engine.OneAsync(_server.Url("stale"), Once);
            result.Reason.ShouldBe(FetchReason.None, result.Message);
        }
    }

    [Fact]
    public async Task Port_that_refuses_ends_as_connect()
    {
        using Socket reserved = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Bound but not listening: refuses, and nobody else gets it.
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        FetchResult result = await _engine.OneAsync($"http://127.0.0.1:{((IPEndPoint)reserved.LocalEndPoint!).Port}/", Once);

        (result.Reason, result.Message).ShouldBe((FetchReason.Connect, "The connection was refused."));
    }

    [Fact]
    public async Task Name_that_does_not_resolve_ends_as_dns()
    {
        GuardedConnector connector = new(new AddressPolicy(), resolve: (_, _) => throw new SocketException((int)SocketError.HostNotFound));
        await using FetchEngine engine = new(Loopback.EngineOptions, TimeProvider.System, new Random(1), GuardedHandler.Create(connector));

        (await engine.OneAsync("http://a.test/", Once)).Reason.ShouldBe(FetchReason.Dns);
    }

    [Fact]
    public async Task Forbidden_address_ends_as_blocked_and_is_not_tried_again()
    {
        using Listener forbidden = new();
        await using FetchEngine engine = new();

        FetchResult result = await engine.OneAsync($"http://127.0.0.1:{forbidden.Port}/", new FetchOptions { Retry = Loopback.QuickRetries });

        (result.Reason, result.Attempts).ShouldBe((FetchReason.Blocked, 1));
        forbidden.WasReached.ShouldBeFalse();
    }

    [Fact]
    public async Task Tls_to_a_port_that_answers_in_clear_ends_as_tls()
    {
        await using TargetServer plain = await TargetServer.StartAsync();

        FetchResult result = await _engine.OneAsync($"https://127.0.0.1:{plain.Address.Port}/ok/1", Once);

        result.Reason.ShouldBe(FetchReason.Tls);
    }

    [Fact]
    public async Task Tls_to_a_port_that_says_nothing_ends_as_timeout()
    {
        using Listener silent = new();

        FetchResult result = await _engine.OneAsync($"https://127.0.0.1:{silent.Port}/", Once with { Timeout = TimeSpan.FromSeconds(0.4) });

        result.Reason.ShouldBe(FetchReason.Timeout);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "")]
    [InlineData("POST", "body")]
    [InlineData("DELETE", "")]
    public async Task Connection_that_is_closed_without_an_answer_is_one_attempt(string method, string body)
    {
        FetchRequest request = Loopback.Post(_server.Url("close"), body) with { Method = new HttpMethod(method) };

        FetchResult result = await _engine.OneAsync(request, Once);

        (result.Reason, result.Attempts, _server.Hits("close")).ShouldBe((FetchReason.Protocol, 1, 1));
    }

    private async Task<FetchResult> FetchAsync(string path, FetchOptions options)
    {
        FetchResult result = await _engine.OneAsync(_server.Url(path), options);
        result.Duration.ShouldBeLessThan(options.Timeout + Slack);
        result.Message.ShouldNotBe(Failures.Unforeseen);
        _server.Hits(path).ShouldBe(1);

        FetchResult next = await _engine.OneAsync(_server.Url("ok"), Once);
        (next.Reason, next.Text()).ShouldBe((FetchReason.None, "ok"));
        return result;
    }
}
