using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.Tests.Items;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Jobs;

public sealed class PauseTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Fact]
    public async Task Paused_fetch_starts_nothing_more_until_it_is_resumed()
    {
        string fetch = await _service.SubmitAsync(ServiceCalls.Batch(
            Enumerable.Range(0, 40).Select(i => _target.Url($"delay/100?{i}")), """{"concurrency":2}"""));
        string job = JobOf(fetch);
        await Eventually.Until(async () => (await _service.JsonAsync(fetch)).At("counts.succeeded").GetInt32() > 2);

        (await PostAsync(job + "/pause")).Text("status").ShouldBe("paused");
        await Eventually.Until(async () => (await _service.JsonAsync(fetch)).At("counts.running").GetInt32() == 0);
        JsonElement rests = await _service.JsonAsync(fetch);
        int done = rests.At("counts.succeeded").GetInt32();
        done.ShouldBeLessThan(40);
        rests.At("waiting.paused").GetInt32().ShouldBe(40 - done);
        (await PostAsync(job + "/pause")).Text("status").ShouldBe("paused");

        (await PostAsync(job + "/resume")).Text("status").ShouldBeOneOf("queued", "running");
        (await _service.OverAsync(fetch)).At("counts.succeeded").GetInt32().ShouldBe(40);
        (await _service.JsonAsync(job)).Number("attempts").ShouldBe(1);
    }

    [Fact]
    public async Task Paused_fetch_stays_so_across_a_restart_and_holds_no_slot()
    {
        using TempFolder folder = new();
        string paused;
        await using (ServiceUnderTest before = await ServiceUnderTest.StartInAsync(folder.Path, ("Jobs:MaxRunning", "1")))
        {
            paused = await before.SubmitAsync(ServiceCalls.Batch([_target.Url("delay/300?a"), _target.Url("delay/300?b")], """{"concurrency":1}"""));
            await Eventually.Until(async () => (await before.JsonAsync(paused)).Text("status") == "running");
            await before.PostAsync(JobOf(paused) + "/pause", "").ShouldBeAsync(HttpStatusCode.OK);
            string other = await before.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")]));
            await before.OverAsync(other);
        }

        await using ServiceUnderTest after = await ServiceUnderTest.StartInAsync(folder.Path, ("Jobs:MaxRunning", "1"));
        await after.OverAsync(await after.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")])));
        (await after.JsonAsync(paused)).Text("status").ShouldBe("paused");
        await after.PostAsync(JobOf(paused) + "/resume", "").ShouldBeAsync(HttpStatusCode.OK);
        (await after.OverAsync(paused)).Text("status").ShouldBe("completed");
    }

    [Fact]
    public async Task Paused_job_can_be_cancelled()
    {
        string fetch = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: ",\"delaySeconds\":3600"));
        (await PostAsync(JobOf(fetch) + "/pause")).Text("status").ShouldBe("paused");
        (await PostAsync(JobOf(fetch) + "/resume")).Text("status").ShouldBe("scheduled");
        (await PostAsync(JobOf(fetch) + "/pause")).Text("status").ShouldBe("paused");

        await PostAsync(JobOf(fetch) + "/cancel");

        JsonElement over = await _service.OverAsync(fetch);
        over.Text("status").ShouldBe("cancelled");
        over.At("counts.cancelled").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    public async Task Job_that_is_over_is_409_and_an_unknown_one_404(string what)
    {
        string fetch = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")]));
        await _service.OverAsync(fetch);

        using HttpResponseMessage over = await _service.PostAsync($"{JobOf(fetch)}/{what}", "");
        using HttpResponseMessage unknown = await _service.PostAsync($"/jobs/{Guid.NewGuid()}/{what}", "");
        using HttpResponseMessage malformed = await _service.PostAsync($"/jobs/x/{what}", "");
        using HttpResponseMessage query = await _service.PostAsync($"{JobOf(fetch)}/{what}?now=1", "");

        await over.ShouldBeProblemAsync(ProblemTypes.Conflict);
        await unknown.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await malformed.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await query.ShouldBeProblemAsync(ProblemTypes.Validation);
    }

    [Fact]
    public async Task Kind_that_cant_rest_is_409()
    {
        using HttpResponseMessage item = await _service.PostAsync("/items", """{"data":"a"}""");
        string id = (await item.JsonAsync()).Text("jobId");

        using HttpResponseMessage answer = await _service.PostAsync($"/jobs/{id}/pause", "");

        (await answer.ShouldBeProblemAsync(ProblemTypes.Conflict)).Text("detail").ShouldContain("kind item");
    }

    private static string JobOf(string fetch) => fetch.Replace("fetches", "jobs", StringComparison.Ordinal);

    private Task<JsonElement> PostAsync(string path) => _service.PostAsync(path, "").ShouldBeAsync(HttpStatusCode.OK);
}
