namespace AsyncApi.Fetching.Tests.Hostile;

/// <summary>An open connection may end before the next answer: that costs no attempt where the request may go out again, and nothing is sent twice that may not.</summary>
public sealed class EndingConnectionTests : IAsyncLifetime
{
    private static readonly FetchOptions Once = new() { Concurrency = 20, PerHostConcurrency = 20, Retry = Loopback.NoRetries };

    private readonly HostileServer _server = new();
    private readonly FetchEngine _engine = Loopback.Engine();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("http10", "GET", "")]
    [InlineData("http10", "POST", "")]
    [InlineData("http10", "POST", "body")]
    [InlineData("http10-empty", "DELETE", "")]
    [InlineData("http10-empty", "POST", "body")]
    public async Task Server_of_http_1_0_gets_each_request_on_a_connection_of_its_own(string path, string method, string body)
    {
        List<FetchResult> results = await ManyAsync(path, method, body);

        results.ShouldAllBe(static result => result.Reason == FetchReason.None);
        (results.Count, _server.Hits(path)).ShouldBe((500, 500));
        // The stack may have made some more than it needed.
        _server.Connections.ShouldBeGreaterThanOrEqualTo(500);
    }

    [Fact]
    public async Task Server_of_http_1_0_that_keeps_its_connection_gets_the_next_request_on_it()
    {
        for (int i = 0; i < 20; i++)
        {
            (await _engine.OneAsync(_server.Url("http10-keep-alive"), Once)).Text().ShouldBe("ok");
        }

        _server.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Server_that_closes_without_a_word_costs_no_attempt()
    {
        List<FetchResult> results = await ManyAsync("stale-soon", "GET", "");

        results.Count.ShouldBe(500);
        results.ShouldAllBe(static result => result.Reason == FetchReason.None);
    }

    [Theory]
    [InlineData("GET", "", 2)]
    [InlineData("PUT", "body", 2)]
    [InlineData("POST", "", 1)]
    [InlineData("POST", "body", 1)]
    [InlineData("PATCH", "", 1)]
    public async Task Open_connection_that_ends_without_an_answer_is_followed_by_a_new_one_for_what_may_be_sent_twice(string method, string body, int hits)
    {
        (await _engine.OneAsync(_server.Url("ok"), Once)).Text().ShouldBe("ok");

        FetchResult result = await _engine.OneAsync(Request("close", method, body), Once);

        (result.Reason, result.Attempts, _server.Hits("close"), _server.Connections).ShouldBe((FetchReason.Protocol, 1, hits, hits));
    }

    private Task<List<FetchResult>> ManyAsync(string path, string method, string body) =>
        _engine.AllAsync(Enumerable.Range(0, 500).Select(i => Request(path, method, body) with { Index = i }), Once);

    private FetchRequest Request(string path, string method, string body) =>
        Loopback.Post(_server.Url(path), body) with { Method = new HttpMethod(method) };
}
