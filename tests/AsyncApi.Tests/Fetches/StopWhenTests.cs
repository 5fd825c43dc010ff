using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Fetches;

public sealed class StopWhenTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Theory]
    [InlineData("firstFailure", "status/404", "failed", "A request failed, and stopWhen is firstFailure.")]
    [InlineData("firstSuccess", "ok/1", "completed", null)]
    [InlineData("firstCompletion", "ok/2", "completed", null)]
    [InlineData("firstCompletion", "status/500", "completed", null)]
    public async Task One_outcome_cancels_the_rest(string stopWhen, string first, string status, string? error)
    {
        string[] urls = [.. Enumerable.Repeat(_target.Url("delay/60000"), 30), _target.Url(first), .. Enumerable.Repeat(_target.Url("delay/60000"), 500)];
        string path = await _service.SubmitAsync(
            ServiceCalls.Batch(urls, $$"""{"stopWhen":"{{stopWhen}}","concurrency":40,"perHost":{"concurrency":40},"retry":{"maxRetries":0} }"""));

        // Long before the minute that the others would take.
        JsonElement fetch = await _service.OverAsync(path);

        fetch.Text("status").ShouldBe(status);
        fetch.GetProperty("error").GetString().ShouldBe(error);
        fetch.At("counts.cancelled").GetInt32().ShouldBe(530);
        CountsTests.ShouldAddUp(fetch);
        JsonElement[] cancelled = [.. (await _service.JsonAsync($"{path}/results?outcome=cancelled&limit=1000")).GetProperty("items").EnumerateArray()];
        cancelled.Length.ShouldBe(530);
        cancelled.ShouldAllBe(result => result.Text("reason") == "stopped");
    }

    [Fact]
    public async Task Race_that_nobody_wins_is_completed()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch(
            Enumerable.Range(0, 5).Select(_ => _target.Url("status/404")), """{"stopWhen":"firstSuccess"}"""));

        JsonElement fetch = await _service.OverAsync(path);

        fetch.Text("status").ShouldBe("completed");
        fetch.At("counts.failed").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task Request_that_was_refused_but_recorded_is_a_failure_too()
    {
        string path = await _service.SubmitAsync(
            ServiceCalls.Batch(["ftp://nowhere/", _target.Url("ok/1")], """{"stopWhen":"firstFailure","onInvalid":"record"}"""));

        JsonElement fetch = await _service.OverAsync(path);

        fetch.Text("status").ShouldBe("failed");
        fetch.At("counts.cancelled").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Deadline_cancels_the_rest_and_keeps_what_is_done()
    {
        string[] urls = [_target.Url("ok/1"), _target.Url("ok/2"), .. Enumerable.Repeat(_target.Url("delay/60000"), 20)];
        string path = await _service.SubmitAsync(ServiceCalls.Batch(urls, """{"deadlineSeconds":3,"perHost":{"concurrency":5}}"""));

        JsonElement fetch = await _service.OverAsync(path);

        fetch.Text("status").ShouldBe("timedOut");
        fetch.Text("error").ShouldContain("deadlineSeconds (3)");
        (fetch.At("counts.succeeded").GetInt32(), fetch.At("counts.cancelled").GetInt32()).ShouldBe((2, 20));
        JsonElement[] results = await _service.ResultsAsync(path);
        results[2..].ShouldAllBe(result => result.Text("reason") == "deadline" && result.Text("outcome") == "cancelled");
    }

    [Fact]
    public async Task Deadline_runs_on_over_a_restart()
    {
        using TempFolder folder = new();
        string path;
        await using (ServiceUnderTest first = await ServiceUnderTest.StartInAsync(folder.Path))
        {
            path = await first.SubmitAsync(ServiceCalls.Batch([_target.Url("delay/60000")], """{"deadlineSeconds":1}"""));
            await Eventually.Until(async () => (await first.JsonAsync(path)).At("counts.running").GetInt32() == 1);
        }

        await using ServiceUnderTest second = await ServiceUnderTest.StartInAsync(folder.Path);
        JsonElement fetch = await second.OverAsync(path);

        fetch.Text("status").ShouldBe("timedOut");
    }

    [Fact]
    public async Task Time_for_a_request_covers_all_of_its_attempts()
    {
        JsonElement result = (await _service.FetchAsync(
            [_target.Url("status/503")],
            """{"requestTimeoutSeconds":0.5,"retry":{"maxRetries":20,"baseDelaySeconds":0.05,"maxDelaySeconds":0.1}}""")).Single();

        result.Text("outcome").ShouldBe("failed");
        result.Text("reason").ShouldBe("timeout");
        result.Number("attempts").ShouldBeLessThan(20);
    }
}
