using System.Net;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;

namespace AsyncApi.Tests.Support;

public sealed class TargetServerTests : IAsyncLifetime
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private TargetServer _target = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _target = await TargetServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task Hits_count_each_path_and_not_the_questions()
    {
        await GetAsync("ok/1");
        await GetAsync("ok/1?x=2");
        await GetAsync("ok/2");

        (await _client.GetStringAsync(new Uri(_target.Url("hits/ok/1")), Token)).ShouldBe("2");
        _target.AllHits.ShouldBe(new Dictionary<string, int> { ["/ok/1"] = 2, ["/ok/2"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Flaky_fails_as_often_as_asked_then_succeeds()
    {
        HttpStatusCode[] statuses = [(await GetAsync("flaky/a/2")).StatusCode, (await GetAsync("flaky/a/2")).StatusCode, (await GetAsync("flaky/a/2")).StatusCode];

        statuses.ShouldBe([HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK]);
    }

    [Fact]
    public async Task Status_and_redirect_answer_as_the_path_says()
    {
        HttpResponseMessage busy = await GetAsync("status/429?retryAfter=7");
        busy.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        busy.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        (await GetAsync("redirect/2")).Headers.Location!.OriginalString.ShouldBe("/redirect/1");
        (await GetAsync("redirect/0")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Bytes_are_as_many_as_asked()
    {
        byte[] body = await _client.GetByteArrayAsync(new Uri(_target.Url("bytes/200000")), Token);

        body.Length.ShouldBe(200_000);
        body[100_000].ShouldBe((byte)(100_000 % 251));
    }

    [Fact]
    public async Task Concurrency_is_the_most_at_one_time_and_a_client_that_leaves_is_counted()
    {
        using CancellationTokenSource leave = new();
        Task[] waiting = [.. Enumerable.Range(0, 3).Select(_ => _client.GetAsync(new Uri(_target.Url("delay/60000")), leave.Token))];
        await Eventually.Until(() => _target.Running == 3);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Task.WhenAll(waiting));

        await Eventually.Until(() => _target.Aborted == 3);
        _target.Running.ShouldBe(0);
        (await _client.GetStringAsync(new Uri(_target.Url("concurrency-max")), Token)).ShouldBe("3");
    }

    [Fact]
    public async Task Dispose_cuts_what_hangs()
    {
        TargetServer other = await TargetServer.StartAsync();
        Task<HttpResponseMessage> hanging = _client.GetAsync(new Uri(other.Url("delay/60000")), Token);
        await Eventually.Until(() => other.Running == 1);

        await other.DisposeAsync();

        await Should.ThrowAsync<HttpRequestException>(hanging);
    }

    [Fact]
    public async Task Another_loopback_address_and_added_routes_are_served()
    {
        await using TargetServer other = await TargetServer.StartAsync(
            app => app.MapGet("/own", () => "mine"), address: IPAddress.Parse("127.0.0.2"));

        other.Address.Host.ShouldBe("127.0.0.2");
        (await _client.GetStringAsync(new Uri(other.Url("own")), Token)).ShouldBe("mine");
        other.Hits("/own").ShouldBe(1);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(new Uri(_target.Url(path)), Token);
}
