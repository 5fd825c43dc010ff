using System.Net;
using System.Text.Json;
using AsyncApi.Fetches;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Fetches;

public sealed class ChangeTests : IAsyncLifetime
{
    private TargetServer _target = null!;
    private ServiceUnderTest _service = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _target = await TargetServer.StartAsync();
        _service = await ServiceUnderTest.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Concurrency_is_raised_while_the_fetch_runs()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch(Slow(40), """{"concurrency":2,"perHost":{"concurrency":100}}"""));
        await Eventually.Until(() => _target.Running == 2);

        JsonElement changed = await PatchAsync(path, """{"concurrency":30}""");

        changed.At("options.concurrency").GetInt32().ShouldBe(30);
        await Eventually.Until(() => _target.Running == 30);
        _target.MaxConcurrency.ShouldBe(30);
    }

    [Fact]
    public async Task Limit_for_each_host_is_lowered_while_the_fetch_runs()
    {
        string[] urls = [.. Enumerable.Range(0, 600).Select(_ => _target.Url("delay/20"))];
        string path = await _service.SubmitAsync(ServiceCalls.Batch(urls, """{"perHost":{"concurrency":20}}"""));
        await Eventually.Until(() => _target.Running == 20);

        await PatchAsync(path, """{"perHost":{"concurrency":1}}""");
        await Eventually.Until(() => _target.Running <= 1);
        int most = 0;
        int ended = _target.TotalHits;
        await Eventually.Until(() =>
        {
            most = Math.Max(most, _target.Running);
            return _target.TotalHits > ended + 10;
        });

        most.ShouldBe(1);
        (await _service.JsonAsync(path)).At("options.perHost.concurrency").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Label_and_priority_change_and_what_is_left_out_stays()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch(Slow(1), """{"concurrency":7,"perHost":{"concurrency":3,"requestsPerSecond":5}}""", ""","label":"old" """));

        JsonElement renamed = await PatchAsync(path, """{"label":"new","priority":"high"}""");
        JsonElement unnamed = await PatchAsync(path, """{"label":null,"perHost":{"requestsPerSecond":0.5}}""");

        (renamed.Text("label"), renamed.Text("priority")).ShouldBe(("new", "high"));
        unnamed.GetProperty("label").ValueKind.ShouldBe(JsonValueKind.Null);
        unnamed.At("options.concurrency").GetInt32().ShouldBe(7);
        unnamed.At("options.perHost").ShouldBeJson("""{"concurrency":3,"requestsPerSecond":0.5}""");
        (await _service.JsonAsync(path)).Text("priority").ShouldBe("high");
    }

    [Fact]
    public async Task Change_outlives_a_restart()
    {
        using TempFolder folder = new();
        await using (ServiceUnderTest first = await ServiceUnderTest.StartInAsync(folder.Path))
        {
            string path = await first.SubmitAsync(ServiceCalls.Batch(Slow(50), """{"concurrency":1,"perHost":{"concurrency":50}}"""));
            await Eventually.Until(() => _target.Running == 1);
            await PatchAsync(path, """{"concurrency":9}""", first);
            await Eventually.Until(() => _target.Running == 9);
        }

        await using ServiceUnderTest second = await ServiceUnderTest.StartInAsync(folder.Path);

        await Eventually.Until(() => _target.Running == 9);
        _target.MaxConcurrency.ShouldBe(9);
    }

    [Fact]
    public async Task Change_that_came_by_another_process_is_heard()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch(Slow(40), """{"concurrency":2,"perHost":{"concurrency":100}}"""));
        await Eventually.Until(() => _target.Running == 2);

        // The row alone, as a process writes it that does not run the fetch.
        await _service.Services.GetRequiredService<FetchStore>()
            .ChangeAsync(Guid.Parse(path["/fetches/".Length..]), new FetchChange { Concurrency = 8 }, Token);

        await Eventually.Until(() => _target.Running == 8);
    }

    [Theory]
    [InlineData("""{"concurrency":0}""", "concurrency")]
    [InlineData("""{"concurrency":5001}""", "concurrency")]
    [InlineData("""{"concurrency":null}""", "concurrency")]
    [InlineData("""{"perHost":{"concurrency":1001}}""", "perHost.concurrency")]
    [InlineData("""{"perHost":{"requestsPerSecond":-1}}""", "perHost.requestsPerSecond")]
    [InlineData("""{"perHost":7}""", "perHost")]
    [InlineData("""{"perHost":{"limit":7}}""", "perHost.limit")]
    [InlineData("""{"priority":"urgent"}""", "priority")]
    [InlineData("""{"timeoutSeconds":1}""", "timeoutSeconds")]
    public async Task Bad_change_is_refused_and_changes_nothing(string body, string fault)
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch(Slow(1)));
        string before = (await _service.JsonAsync(path)).GetProperty("options").ToString();

        using HttpResponseMessage answer = await _service.PatchAsync(path, body);

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith(fault + ": ");
        (await _service.JsonAsync(path)).GetProperty("options").ToString().ShouldBe(before);
    }

    [Fact]
    public async Task Fetch_that_is_over_or_unknown_is_not_changed()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")]));
        await _service.OverAsync(path);

        using HttpResponseMessage over = await _service.PatchAsync(path, """{"concurrency":3}""");
        using HttpResponseMessage unknown = await _service.PatchAsync("/fetches/019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001", "{}");
        using HttpResponseMessage malformed = await _service.PatchAsync("/fetches/x", "{}");

        await over.ShouldBeProblemAsync(ProblemTypes.Conflict);
        await unknown.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await malformed.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    private IEnumerable<string> Slow(int count) => Enumerable.Range(0, count).Select(_ => _target.Url("delay/60000"));

    private async Task<JsonElement> PatchAsync(string path, string body, ServiceUnderTest? service = null)
    {
        using HttpResponseMessage answer = await (service ?? _service).PatchAsync(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Token));
        return await answer.JsonAsync();
    }
}
