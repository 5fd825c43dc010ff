using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Jobs;

public class JobEndpointTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Fact]
    public async Task Job_of_a_fetch_has_its_id_progress_and_links()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1"), _target.Url("status/404")], more: ",\"label\":\"a label\""));
        string id = path["/fetches/".Length..];
        JsonElement fetch = await _service.OverAsync(path);

        JsonElement job = await _service.JsonAsync($"/jobs/{id}");

        job.Text("id").ShouldBe(id);
        job.Text("kind").ShouldBe("fetch");
        job.Text("status").ShouldBe("completed");
        job.Text("label").ShouldBe("a label");
        job.Number("attempts").ShouldBe(1);
        job.GetProperty("progress").ShouldBeJson("""{"done":2,"total":2}""");
        job.GetProperty("links").ShouldBeJson($$"""{"self":"/jobs/{{id}}","cancel":"/jobs/{{id}}/cancel","resource":"/fetches/{{id}}"}""");
        foreach (string time in (string[])["createdAt", "startedAt", "finishedAt"])
        {
            job.Text(time).ShouldBe(fetch.Text(time));
            job.Text(time).ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        }

        string.CompareOrdinal(job.Text("createdAt"), job.Text("startedAt")).ShouldBeLessThanOrEqualTo(0);
        string.CompareOrdinal(job.Text("startedAt"), job.Text("finishedAt")).ShouldBeLessThanOrEqualTo(0);
    }

    [Fact]
    public async Task Preferred_wait_holds_the_answer_until_the_job_is_over()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("delay/200")]));

        using HttpResponseMessage answer = await _service.GetAsync(path.Replace("fetches", "jobs", StringComparison.Ordinal), ("Prefer", "wait=60"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=60"]);
        (await answer.JsonAsync()).Text("status").ShouldBe("completed");
    }

    [Theory]
    [InlineData("wait=0", "wait=0")]
    [InlineData("respond-async, wait=0", "wait=0")]
    [InlineData("wait=-1", null)]
    [InlineData("wait=soon", null)]
    [InlineData("return=minimal", null)]
    public async Task Job_that_runs_is_shown_when_the_wait_is_over_or_unreadable(string prefer, string? applied)
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("delay/60000")]));
        string job = path.Replace("fetches", "jobs", StringComparison.Ordinal);

        using HttpResponseMessage answer = await _service.GetAsync(job, ("Prefer", prefer));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (answer.Headers.TryGetValues("Preference-Applied", out IEnumerable<string>? value) ? value.Single() : null).ShouldBe(applied);
        (await answer.JsonAsync()).GetProperty("finishedAt").ValueKind.ShouldBe(JsonValueKind.Null);
        using HttpResponseMessage cancelled = await _service.PostAsync($"{job}/cancel", "");
    }

    [Fact]
    public async Task Cancel_with_an_unknown_parameter_is_refused_and_does_nothing()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")]));
        await _service.OverAsync(path);

        using HttpResponseMessage answer = await _service.PostAsync($"{path.Replace("fetches", "jobs", StringComparison.Ordinal)}/cancel?now=true", "");

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("now: unknown parameter");
    }

    [Theory]
    [InlineData("/jobs", "POST")]
    [InlineData("/jobs", "DELETE")]
    [InlineData("/fetches", "PUT")]
    [InlineData("/", "POST")]
    [InlineData("/health/live", "POST")]
    public async Task Other_methods_are_405_and_name_the_allowed(string path, string method)
    {
        using HttpRequestMessage request = new(HttpMethod.Parse(method), path);

        using HttpResponseMessage answer = await _service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await answer.ShouldBeProblemAsync(ProblemTypes.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldContain("GET");
    }

    [Fact]
    public async Task Most_urgent_job_is_begun_first()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Jobs:MaxRunning", "1"));
        string holder = await service.SubmitAsync(ServiceCalls.Batch([target.Url("delay/60000")]));
        await Eventually.Until(() => target.Running == 1);
        string[] paths = new string[3];
        foreach ((int i, string priority) in ((string[])["low", "normal", "high"]).Index())
            paths[i] = await service.SubmitAsync(ServiceCalls.Batch([target.Url($"ok/{priority}")], more: $",\"priority\":\"{priority}\""));

        using HttpResponseMessage cancelled = await service.PostAsync($"{holder.Replace("fetches", "jobs", StringComparison.Ordinal)}/cancel", "");
        List<string> started = [];
        foreach (string path in paths)
            started.Add((await service.OverAsync(path)).Text("startedAt"));

        string.CompareOrdinal(started[2], started[1]).ShouldBeLessThanOrEqualTo(0);
        string.CompareOrdinal(started[1], started[0]).ShouldBeLessThanOrEqualTo(0);
    }
}
