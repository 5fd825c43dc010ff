using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.Tests.Items;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.LoadTests;

/// <summary>Load tests as clients make and see them.</summary>
public class LoadTestTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TargetServer _target = null!;
    private ServiceUnderTest _service = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _target = await TargetServer.StartAsync();
        _service = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _target.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Test_sends_what_was_asked_for_and_tells_what_came()
    {
        string path = await SubmitAsync("bytes/1000", ""","requests":200,"concurrency":8""");

        JsonElement test = await _service.OverAsync(path);

        (test.Text("status"), test.Text("method"), test.Text("url")).ShouldBe(("completed", "GET", _target.Url("bytes/1000")));
        _target.TotalHits.ShouldBe(200);
        _target.MaxConcurrency.ShouldBeLessThanOrEqualTo(8);
        (test.Number("requests"), test.Number("succeeded"), test.Number("failed")).ShouldBe((200, 200, 0));
        test.GetProperty("statuses").ShouldBeJson("""{"200":200}""");
        test.GetProperty("totalMegabytes").GetDouble().ShouldBe(0.2);
        test.GetProperty("plan").ShouldBeJson("""{"requests":200,"concurrency":8,"durationSeconds":60,"requestsPerSecond":null}""");
        test.GetProperty("histogram").EnumerateArray().Sum(bar => bar.Number("count")).ShouldBe(200);
        test.At("latencyMs.p50").GetDouble().ShouldBeInRange(test.At("latencyMs.min").GetDouble(), test.At("latencyMs.max").GetDouble());
        JsonElement job = await _service.JsonAsync(path.Replace("/load-tests/", "/jobs/", StringComparison.Ordinal));
        (job.Text("kind"), job.At("links.resource").GetString()).ShouldBe(("loadTest", path));
        job.GetProperty("progress").ShouldBeJson("""{"done":200,"total":200}""");
    }

    [Fact]
    public async Task Test_that_ends_by_time_is_as_long_as_it_was()
    {
        string path = await SubmitAsync("delay/50", ""","durationSeconds":0.3,"concurrency":2""");

        JsonElement test = await _service.OverAsync(path);

        int sent = test.Number("requests");
        sent.ShouldBe(_target.TotalHits);
        sent.ShouldBeInRange(2, 12);
        (await _service.JsonAsync(path.Replace("/load-tests/", "/jobs/", StringComparison.Ordinal))).GetProperty("progress")
            .ShouldBeJson($$"""{"done":{{sent}},"total":{{sent}}}""");
    }

    [Fact]
    public async Task Answer_is_held_until_it_is_over_when_that_is_preferred()
    {
        using HttpResponseMessage answer = await PostAsync("ok/1", ""","requests":5""", ("Prefer", "wait=30"));

        (answer.StatusCode, answer.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.OK, (await answer.JsonAsync()).At("links.self").GetString()));
        (await answer.JsonAsync()).Text("status").ShouldBe("completed");
    }

    [Fact]
    public async Task One_at_a_time_and_cancel_cuts_what_is_in_flight()
    {
        string path = await SubmitAsync("delay/60000", ""","concurrency":20""");
        await Eventually.Until(() => _target.Running == 20);

        using HttpResponseMessage second = await PostAsync("ok/1");
        (await second.ShouldBeProblemAsync(ProblemTypes.Conflict)).Text("detail").ShouldContain(path);
        await _service.PostAsync(path.Replace("/load-tests/", "/jobs/", StringComparison.Ordinal) + "/cancel", "").ShouldBeAsync(HttpStatusCode.OK);

        JsonElement test = await _service.OverAsync(path);
        (test.Text("status"), test.Number("requests")).ShouldBe(("cancelled", 0));
        await Eventually.Until(() => _target.Aborted == 20);
        _target.TotalHits.ShouldBe(20);
        await SubmitAsync("ok/1");
    }

    [Fact]
    public async Task Of_many_that_come_at_once_one_is_taken()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync("delay/60000")));

        answers.Select(answer => answer.StatusCode).Order()
            .ShouldBe([HttpStatusCode.Accepted, .. Enumerable.Repeat(HttpStatusCode.Conflict, 7)]);
        Array.ForEach(answers, answer => answer.Dispose());
        (await _service.CountAsync("load_tests")).ShouldBe(1);
    }

    [Fact]
    public async Task Figures_are_seen_while_it_runs()
    {
        string path = await SubmitAsync("ok/1", ""","requestsPerSecond":20,"durationSeconds":30""");

        JsonElement test = default;
        await Eventually.Until(async () => (test = await _service.JsonAsync(path)).Number("requests") > 0);

        test.Text("status").ShouldBe("running");
        test.GetProperty("statuses").GetProperty("200").GetInt32().ShouldBe(test.Number("requests"));
        JsonElement job = await _service.JsonAsync(path.Replace("/load-tests/", "/jobs/", StringComparison.Ordinal));
        (job.At("progress.done").GetInt32() > 0, job.At("progress.total").GetInt32()).ShouldBe((true, 600));
    }

    [Fact]
    public async Task Test_begins_again_after_a_restart()
    {
        string path = await SubmitAsync("ok/1", ""","requestsPerSecond":20,"durationSeconds":5""");
        await Eventually.Until(() => _target.TotalHits > 5);
        await _service.DisposeAsync();
        int before = _target.TotalHits;
        before.ShouldBeLessThan(100);

        _service = await StartAsync();
        JsonElement test = await _service.OverAsync(path);

        (test.Text("status"), test.Number("requests")).ShouldBe(("completed", 100));
        // What was on its way at the stop may have been counted a moment later.
        _target.TotalHits.ShouldBeInRange(before + 100, before + 103);
    }

    [Fact]
    public async Task Key_sent_again_makes_no_second_test()
    {
        using HttpResponseMessage first = await PostAsync("ok/1", ""","requests":3""", ("Idempotency-Key", "one"));
        using HttpResponseMessage again = await PostAsync("ok/1", ""","requests":3""", ("Idempotency-Key", "one"));

        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        (await _service.CountAsync("load_tests")).ShouldBe(1);
    }

    [Fact]
    public async Task Deleted_test_is_gone_with_its_row()
    {
        string path = await SubmitAsync("ok/1", ""","requests":3""");
        await _service.OverAsync(path);

        using HttpResponseMessage deleted = await _service.Client.DeleteAsync(path.Replace("/load-tests/", "/jobs/", StringComparison.Ordinal), Token);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using HttpResponseMessage gone = await _service.GetAsync(path);
        await gone.ShouldBeProblemAsync(ProblemTypes.Gone);
        (await _service.CountAsync("load_tests")).ShouldBe(0);
    }

    [Theory]
    [InlineData("/load-tests/7")]
    [InlineData("/load-tests/019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001")]
    public async Task Unknown_test_is_not_found(string path)
    {
        using HttpResponseMessage answer = await _service.GetAsync(path);

        await answer.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Id_of_another_kind_of_job_is_not_found()
    {
        string fetch = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")]));

        using HttpResponseMessage answer = await _service.GetAsync(fetch.Replace("/fetches/", "/load-tests/", StringComparison.Ordinal));

        await answer.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Secrets_of_the_request_are_never_shown()
    {
        string path = await SubmitAsync("ok/1", ""","requests":1,"headers":{"Authorization":"Bearer hush-hush"},"method":"POST","body":"hush-hush" """);

        (await _service.OverAsync(path)).ToString().ShouldNotContain("hush-hush");

        _service.Log.Lines.ShouldNotContain(line => line.Text.Contains("hush-hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Target_that_the_operator_does_not_allow_is_refused_and_not_called()
    {
        await using TargetServer other = await TargetServer.StartAsync();

        using HttpResponseMessage answer = await _service.PostAsync("/load-tests", $$"""{"url":"{{other.Url("ok/1")}}"}""");

        await answer.ShouldBeProblemAsync(ProblemTypes.Forbidden);
        (other.TotalHits, await _service.CountAsync("load_tests")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Service_itself_is_the_target_without_a_list()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("LoadTests:Enabled", "true"));
        string own = service.Address + "health/live";

        using HttpResponseMessage answer = await service.PostAsync(
            "/load-tests", $$"""{"url":"{{own}}","requests":50}""", headers: ("Prefer", "wait=30"));
        using HttpResponseMessage refused = await service.PostAsync("/load-tests", $$"""{"url":"{{_target.Url("ok/1")}}"}""");

        (await answer.JsonAsync()).GetProperty("statuses").ShouldBeJson("""{"200":50}""");
        await refused.ShouldBeProblemAsync(ProblemTypes.Forbidden);
    }

    [Fact]
    public async Task Nothing_is_tested_where_it_is_not_switched_on()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("LoadTests:Enabled", "false"));

        using HttpResponseMessage answer = await service.PostAsync("/load-tests", $$"""{"url":"{{service.Address}}"}""");

        (await answer.ShouldBeProblemAsync(ProblemTypes.Forbidden)).Text("detail").ShouldContain("LoadTests:Enabled");
    }

    private Task<ServiceUnderTest> StartAsync() => ServiceUnderTest.StartInAsync(
        _folder.Path, ("LoadTests:Enabled", "true"), ("LoadTests:AllowedHosts:0", $"127.0.0.1:{_target.Address.Port}"));

    private Task<HttpResponseMessage> PostAsync(string path, string more = "", params (string Name, string Value)[] headers) =>
        _service.PostAsync("/load-tests", $$"""{"url":"{{_target.Url(path)}}"{{more}}}""", headers: headers);

    private async Task<string> SubmitAsync(string path, string more = "")
    {
        using HttpResponseMessage answer = await PostAsync(path, more);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Token));
        return answer.Headers.Location!.ToString();
    }
}
