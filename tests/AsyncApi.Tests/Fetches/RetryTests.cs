using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Fetches;

public sealed class RetryTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Fact]
    public async Task Retry_is_a_new_fetch_of_what_did_not_succeed_in_its_order()
    {
        string body = $$"""
            {"requests":[{"url":"{{_target.Url("status/500?a")}}","method":"POST","headers":{"X-A":"1"},"body":"text","tag":"first"},
                         {"url":"{{_target.Url("ok/1")}}"},
                         {"url":"{{_target.Url("status/404?b")}}","tag":"third"}],
             "options":{"retry":{"maxRetries":0} },"priority":"high","label":"again"}
            """;
        string fetch = await _service.SubmitAsync(body);
        await _service.OverAsync(fetch);

        using HttpResponseMessage answer = await _service.PostAsync(fetch + "/retry", "");

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        string retry = answer.Headers.Location!.ToString();
        retry.ShouldNotBe(fetch);
        JsonElement[] results = await _service.ResultsAsync(retry);
        results.Select(result => result.Text("tag")).ShouldBe(["first", "third"]);
        results.Select(result => result.Text("method")).ShouldBe(["POST", "GET"]);
        JsonElement over = await _service.JsonAsync(retry);
        (over.Text("label"), over.Text("priority"), over.At("options.retry.maxRetries").GetInt32()).ShouldBe(("again", "high", 0));
        (await _service.JsonAsync(fetch)).At("counts.total").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Long_list_of_cancelled_requests_is_tried_again()
    {
        string lines = ServiceCalls.Lines(3_500, i => _target.Url($"ok/{i}")).ToString();
        string fetch = await _service.SubmitAsync(lines, "text/uri-list", "?delaySeconds=600");
        using HttpResponseMessage cancelled = await _service.PostAsync(fetch.Replace("fetches", "jobs", StringComparison.Ordinal) + "/cancel", "");
        await _service.OverAsync(fetch);

        using HttpResponseMessage answer = await _service.PostAsync(fetch + "/retry", "", headers: ("Idempotency-Key", "retry"));
        using HttpResponseMessage again = await _service.PostAsync(fetch + "/retry", "", headers: ("Idempotency-Key", "retry"));

        again.Headers.Location.ShouldBe(answer.Headers.Location);
        (await _service.OverAsync(answer.Headers.Location!.ToString())).At("counts.succeeded").GetInt32().ShouldBe(3_500);
    }

    [Fact]
    public async Task Nothing_to_try_again_is_409_and_so_is_a_fetch_that_runs()
    {
        string fine = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")]));
        string open = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: ",\"delaySeconds\":600"));
        await _service.OverAsync(fine);

        using HttpResponseMessage none = await _service.PostAsync(fine + "/retry", "");
        using HttpResponseMessage running = await _service.PostAsync(open + "/retry", "");
        using HttpResponseMessage unknown = await _service.PostAsync($"/fetches/{Guid.NewGuid()}/retry", "");

        await none.ShouldBeProblemAsync(ProblemTypes.Conflict);
        await running.ShouldBeProblemAsync(ProblemTypes.Conflict);
        await unknown.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }
}
