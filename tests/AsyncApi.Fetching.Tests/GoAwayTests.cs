using System.Security.Cryptography.X509Certificates;

namespace AsyncApi.Fetching.Tests;

/// <summary>Servers that close a connection gracefully say which requests they did nothing with: those may be sent again, whatever they are.</summary>
public sealed class GoAwayTests : IDisposable
{
    private readonly X509Certificate2 _certificate = Http2Tests.Certificate();

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public async Task Post_that_was_sent_away_is_taken_by_a_later_connection(int closing, int attempts)
    {
        await using Http2Goodbye server = Started(number => number < closing ? 0 : 1);
        await using FetchEngine engine = Http2Tests.Engine(_certificate);

        FetchResult result = await engine.OneAsync(Post(server), new FetchOptions { Retry = Loopback.QuickRetries });

        result.Reason.ShouldBe(FetchReason.None, result.Message);
        (result.Attempts, server.Taken, server.Refused).ShouldBe((attempts, 1, closing));
    }

    [Fact]
    public async Task Post_that_every_connection_sends_away_says_so_when_its_retries_are_used_up()
    {
        await using Http2Goodbye server = Started(static _ => 0);
        await using FetchEngine engine = Http2Tests.Engine(_certificate);

        FetchResult result = await engine.OneAsync(Post(server), new FetchOptions { Retry = Loopback.QuickRetries });

        (result.Reason, result.Attempts, result.Message).ShouldBe((FetchReason.Protocol, Loopback.QuickRetries.MaxRetries + 1, "The peer refused to take the request."));
    }

    [Fact]
    public async Task Posts_to_a_server_that_often_closes_its_connections_are_each_taken_once()
    {
        await using Http2Goodbye server = Started(static _ => 30);
        await using FetchEngine engine = Http2Tests.Engine(_certificate);
        FetchOptions options = new() { Concurrency = 20, PerHostConcurrency = 20, Retry = Loopback.QuickRetries };

        List<FetchResult> results = await engine.AllAsync(Enumerable.Range(0, 500).Select(i => Post(server) with { Index = i }), options);

        results.ShouldAllBe(static result => result.Reason == FetchReason.None);
        (results.Count, server.Taken).ShouldBe((500, 500));
        server.Refused.ShouldBeGreaterThan(0);
    }

    private Http2Goodbye Started(Func<int, int> takes)
    {
        Http2Goodbye server = new(_certificate, takes);
        server.Start();
        return server;
    }

    private static FetchRequest Post(Http2Goodbye server) => Loopback.Post($"https://a.test:{server.Port}/", "");
}
