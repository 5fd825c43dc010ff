using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.Fetches;

public class CancelTests
{
    [Fact]
    public async Task Running_fetch_is_cut_and_nothing_succeeds_after_the_answer()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        IEnumerable<string> urls = Enumerable.Range(0, 5_000).Select(i => target.Url(i < 500 ? $"ok/{i}" : "delay/60000"));
        string path = await service.SubmitAsync(ServiceCalls.Batch(urls, """{"concurrency":50,"perHost":{"concurrency":50}}"""));
        await Eventually.Until(() => target.Hits("/delay/60000") == 50);

        JsonElement cancelling = await CancelAsync(service, path);
        int succeeded = (await service.JsonAsync(path)).At("counts.succeeded").GetInt32();
        // Over long before the minute that each request in flight would take.
        JsonElement fetch = await service.OverAsync(path);

        cancelling.Text("status").ShouldBeOneOf("cancelling", "cancelled");
        fetch.Text("status").ShouldBe("cancelled");
        fetch.GetProperty("counts").ShouldBeJson(
            $$"""{"total":5000,"pending":0,"running":0,"succeeded":{{succeeded}},"failed":0,"cancelled":{{5000 - succeeded}}}""");
        await Eventually.Until(() => target.Running == 0);
        target.Aborted.ShouldBe(50);
        target.Hits("/delay/60000").ShouldBe(50);
        JsonElement page = await service.JsonAsync($"{path}/results?outcome=cancelled&limit=1");
        page.GetProperty("items")[0].Text("reason").ShouldBe("cancelled");
    }

    [Fact]
    public async Task Fetch_that_answers_all_the_while_succeeds_no_more_after_the_cancel()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string path = await service.SubmitAsync(ServiceCalls.Batch(Enumerable.Range(0, 50_000).Select(i => target.Url($"ok/{i}"))));
        await Eventually.Until(() => target.TotalHits > 200);

        await CancelAsync(service, path);
        int succeeded = (await service.JsonAsync(path)).At("counts.succeeded").GetInt32();
        JsonElement fetch = await service.OverAsync(path);

        fetch.At("counts.succeeded").GetInt32().ShouldBe(succeeded);
        fetch.At("counts.cancelled").GetInt32().ShouldBe(50_000 - succeeded);
        CountsTests.ShouldAddUp(fetch);
    }

    [Fact]
    public async Task Queued_fetch_is_cancelled_without_waiting_for_a_slot()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Jobs:MaxRunning", "1"));
        string running = await service.SubmitAsync(ServiceCalls.Batch([target.Url("delay/60000")]));
        await Eventually.Until(() => target.Running == 1);
        string queued = await service.SubmitAsync(ServiceCalls.Batch([target.Url("ok/1"), target.Url("ok/2")]));

        await CancelAsync(service, queued);
        JsonElement fetch = await service.OverAsync(queued);

        fetch.Text("status").ShouldBe("cancelled");
        fetch.At("counts.cancelled").GetInt32().ShouldBe(2);
        target.Hits("/ok/1").ShouldBe(0);
        (await service.JsonAsync(running)).Text("status").ShouldBe("running");
    }

    [Fact]
    public async Task Cancelling_twice_or_when_over_changes_nothing()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string completed = await service.SubmitAsync(ServiceCalls.Batch([target.Url("ok/1")]));
        JsonElement before = await service.OverAsync(completed);
        string cancelled = await service.SubmitAsync(ServiceCalls.Batch([target.Url("delay/60000")]));

        JsonElement over = await CancelAsync(service, completed);
        await CancelAsync(service, cancelled);
        await CancelAsync(service, cancelled);
        JsonElement first = await service.OverAsync(cancelled);
        JsonElement third = await CancelAsync(service, cancelled);

        over.Text("status").ShouldBe("completed");
        (await service.JsonAsync(completed)).ToString().ShouldBe(before.ToString());
        first.At("counts.cancelled").GetInt32().ShouldBe(1);
        third.Text("status").ShouldBe("cancelled");
        third.Text("finishedAt").ShouldBe(first.Text("finishedAt"));
    }

    [Theory]
    [InlineData("/jobs/019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001/cancel")]
    [InlineData("/jobs/none/cancel")]
    public async Task Unknown_job_is_404(string path)
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();

        using HttpResponseMessage answer = await service.PostAsync(path, "");

        await answer.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Retry_that_waits_is_cancelled_with_the_rest()
    {
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/busy", (HttpContext context) => context.Response.StatusCode = 503));
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string path = await service.SubmitAsync(
            ServiceCalls.Batch([target.Url("busy")], """{"retry":{"baseDelaySeconds":3600,"maxDelaySeconds":3600}}"""));
        await Eventually.Until(async () => (await service.JsonAsync(path)).At("waiting.retry").GetInt32() == 1);

        await CancelAsync(service, path);

        JsonElement[] results = await service.ResultsAsync(path);
        results.Single().Text("reason").ShouldBe("cancelled");
        results.Single().Text("outcome").ShouldBe("cancelled");
        target.Hits("/busy").ShouldBe(1);
    }

    private static async Task<JsonElement> CancelAsync(ServiceUnderTest service, string path)
    {
        using HttpResponseMessage answer = await service.PostAsync($"/jobs/{path["/fetches/".Length..]}/cancel", "");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.JsonAsync();
    }
}
