using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.Hosts;

public sealed class HostTests : IAsyncLifetime
{
    private TargetServer _target = null!;
    private readonly TempFolder _folder = new();
    private ServiceUnderTest _service = null!;
    private bool _broken;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Host => $"127.0.0.1:{_target.Address.Port}";

    public async ValueTask InitializeAsync()
    {
        _target = await TargetServer.StartAsync(app =>
        {
            app.Map("/busy", (HttpContext context) =>
            {
                context.Response.StatusCode = 503;
                context.Response.Headers.RetryAfter = "30";
            });
            app.Map("/breakable", (HttpContext context) => context.Response.StatusCode = _broken ? 500 : 200);
        });
        _service = await ServiceUnderTest.StartInAsync(_folder.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Hosts_in_use_are_listed_with_what_runs_and_waits()
    {
        await _service.SubmitAsync(ServiceCalls.Batch(Slow(50), """{"perHost":{"concurrency":4}}"""));
        await Eventually.Until(() => _target.Running == 4);

        JsonElement host = await HostAsync();

        host.Number("running").ShouldBe(4);
        host.Number("waiting").ShouldBe(46);
        host.Number("concurrency").ShouldBe(100);
        host.Text("circuit").ShouldBe("closed");
    }

    [Fact]
    public async Task Limit_holds_over_all_fetches_and_after_a_restart()
    {
        JsonElement limited = await PatchAsync("""{"concurrency":3}""");
        for (int i = 0; i < 3; i++)
        {
            await _service.SubmitAsync(ServiceCalls.Batch(Slow(20)));
        }

        await Eventually.Until(() => _target.Running == 3);
        JsonElement raised = await PatchAsync("""{"concurrency":11,"requestsPerSecond":9000}""");
        await Eventually.Until(() => _target.Running == 11);
        await _service.DisposeAsync();
        await using ServiceUnderTest second = await ServiceUnderTest.StartInAsync(_folder.Path);
        await Eventually.Until(() => _target.Running == 11);

        limited.Number("concurrency").ShouldBe(3);
        raised.Number("requestsPerSecond").ShouldBe(9000);
        _target.MaxConcurrency.ShouldBe(11);
    }

    [Fact]
    public async Task Null_takes_the_service_default_again()
    {
        await PatchAsync("""{"concurrency":3,"requestsPerSecond":7}""");

        JsonElement host = await PatchAsync("""{"concurrency":null}""");

        host.Number("concurrency").ShouldBe(100);
        host.Number("requestsPerSecond").ShouldBe(7);
    }

    [Fact]
    public async Task Host_that_asked_for_it_is_left_alone_after_a_restart_too()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("busy")]));
        await Eventually.Until(async () => await _service.CountAsync("host_holds") == 1);
        JsonElement waiting = await _service.JsonAsync(path);
        await _service.DisposeAsync();
        await using ServiceUnderTest second = await ServiceUnderTest.StartInAsync(_folder.Path);
        string other = await second.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")]));
        await Eventually.Until(async () => (await second.JsonAsync(other)).At("waiting.retryAfter").GetInt32() == 1);

        waiting.At("waiting.retryAfter").GetInt32().ShouldBe(1);
        _target.Hits("/busy").ShouldBe(1);
        _target.Hits("/ok/1").ShouldBe(0);
        JsonElement host = (await second.JsonAsync("/hosts")).GetProperty("items").EnumerateArray().Single();
        host.GetProperty("retryAfterUntil").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task Broken_host_waits_until_its_circuit_is_reset()
    {
        _broken = true;
        await _service.OverAsync(await _service.SubmitAsync(ServiceCalls.Batch(
            Enumerable.Repeat(_target.Url("breakable"), 30), """{"retry":{"maxRetries":0}}""")));
        JsonElement open = await HostAsync();
        _broken = false;
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("breakable")]));
        await Eventually.Until(async () => (await _service.JsonAsync(path)).At("waiting.circuit").GetInt32() == 1);

        using HttpResponseMessage reset = await _service.PostAsync($"/hosts/{Host}/reset", "");
        JsonElement fetch = await _service.OverAsync(path);

        open.Text("circuit").ShouldBe("open");
        open.GetProperty("openUntil").ValueKind.ShouldBe(JsonValueKind.String);
        reset.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await reset.JsonAsync()).Text("circuit").ShouldBe("closed");
        fetch.At("counts.succeeded").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"concurrency":0}""", "concurrency")]
    [InlineData("""{"concurrency":5001}""", "concurrency")]
    [InlineData("""{"requestsPerSecond":10001}""", "requestsPerSecond")]
    [InlineData("""{"circuit":"closed"}""", "circuit")]
    public async Task Bad_limits_are_refused(string body, string fault)
    {
        using HttpResponseMessage answer = await _service.PatchAsync($"/hosts/{Host}", body);

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith(fault + ": ");
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("example.com:0")]
    [InlineData("example.com:99999")]
    [InlineData("example.com:80:80")]
    public async Task What_is_no_host_is_404(string host)
    {
        using HttpResponseMessage change = await _service.PatchAsync($"/hosts/{host}", "{}");
        using HttpResponseMessage reset = await _service.PostAsync($"/hosts/{host}/reset", "");

        await change.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await reset.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Host_that_nobody_uses_can_be_limited_by_any_spelling()
    {
        using HttpResponseMessage answer = await _service.PatchAsync("/hosts/EXAMPLE.com:443", """{"concurrency":2}""");

        (await answer.JsonAsync()).ShouldBeJson(
            """{"host":"example.com:443","running":0,"waiting":0,"concurrency":2,"requestsPerSecond":0,"circuit":"closed","openUntil":null,"retryAfterUntil":null}""");
    }

    private IEnumerable<string> Slow(int count) => Enumerable.Range(0, count).Select(_ => _target.Url("delay/60000"));

    private async Task<JsonElement> HostAsync() =>
        (await _service.JsonAsync("/hosts")).GetProperty("items").EnumerateArray().Single(host => host.Text("host") == Host);

    private async Task<JsonElement> PatchAsync(string body)
    {
        using HttpResponseMessage answer = await _service.PatchAsync($"/hosts/{Host}", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Token));
        return await answer.JsonAsync();
    }
}
