using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.Fetches;

public class CountsTests
{
    private static readonly string[] Parts = ["pending", "running", "succeeded", "failed", "cancelled"];

    [Fact]
    public async Task Counts_add_up_at_every_moment_of_a_run()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await using TargetServer target = await TargetServer.StartAsync();
        IEnumerable<string> urls = Enumerable.Range(0, 3_000).Select(i => target.Url(i % 10 == 0 ? "status/404" : i % 77 == 0 ? $"flaky/{i}/1" : $"ok/{i}"));
        string path = await service.SubmitAsync(ServiceCalls.Batch(urls, """{"retry":{"baseDelaySeconds":0.05}}"""));

        int samples = 0;
        int done = 0;
        JsonElement fetch;
        do
        {
            fetch = await service.JsonAsync(path);
            ShouldAddUp(fetch);
            int now = fetch.At("counts.succeeded").GetInt32() + fetch.At("counts.failed").GetInt32();
            now.ShouldBeGreaterThanOrEqualTo(done);
            done = now;
            samples++;
        }
        while (fetch.GetProperty("finishedAt").ValueKind == JsonValueKind.Null);

        samples.ShouldBeGreaterThan(2);
        fetch.GetProperty("counts").ShouldBeJson("""{"total":3000,"pending":0,"running":0,"succeeded":2700,"failed":300,"cancelled":0}""");
        fetch.At("latencyMs.max").GetDouble().ShouldBeGreaterThanOrEqualTo(fetch.At("latencyMs.p99").GetDouble());
    }

    [Fact]
    public async Task Counts_tell_what_runs_what_waits_and_what_is_retried()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/gate", (HttpContext context) => gate.Task.WaitAsync(context.RequestAborted)));
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string[] urls = [target.Url("status/503"), .. Enumerable.Repeat(target.Url("gate"), 9)];
        string path = await service.SubmitAsync(ServiceCalls.Batch(urls, """{"concurrency":4,"retry":{"baseDelaySeconds":3600,"maxDelaySeconds":3600,"maxRetries":1}}"""));
        // The one that is refused is among those that run, at first.
        await Eventually.Until(async () =>
            target.Running == 4 && (await service.JsonAsync(path)).GetProperty("waiting").GetProperty("retry").GetInt32() == 1);

        JsonElement fetch = await service.JsonAsync(path);

        ShouldAddUp(fetch);
        fetch.Text("status").ShouldBe("running");
        fetch.GetProperty("counts").ShouldBeJson("""{"total":10,"pending":6,"running":4,"succeeded":0,"failed":0,"cancelled":0}""");
        fetch.GetProperty("waiting").ShouldBeJson(
            """{"slot":5,"host":0,"rate":0,"retry":1,"retryAfter":0,"circuit":0,"paused":0,"scheduled":0}""");
        gate.SetResult();
    }

    internal static void ShouldAddUp(JsonElement fetch)
    {
        JsonElement counts = fetch.GetProperty("counts");
        Parts.Sum(part => counts.Number(part)).ShouldBe(counts.Number("total"), fetch.ToString());
        fetch.GetProperty("waiting").EnumerateObject().Sum(reason => reason.Value.GetInt32()).ShouldBe(counts.Number("pending"), fetch.ToString());
        Parts.ShouldAllBe(part => counts.Number(part) >= 0, fetch.ToString());
    }
}
