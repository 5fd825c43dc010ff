using System.Net;
using System.Text;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Fetches;

public class SubmissionTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private const string UriList = "text/uri-list";
    private const string Ndjson = "application/x-ndjson";

    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Fact]
    public async Task Answer_is_202_with_location_defaults_and_links()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", ServiceCalls.Batch([_target.Url("ok/1")]));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        JsonElement fetch = await answer.JsonAsync();
        string id = fetch.Text("id");
        answer.Headers.Location!.ToString().ShouldBe($"/fetches/{id}");
        Guid.Parse(id).Version.ShouldBe(7);
        id.ShouldBe(id.ToLowerInvariant());
        fetch.Text("priority").ShouldBe("normal");
        fetch.GetProperty("label").ValueKind.ShouldBe(JsonValueKind.Null);
        fetch.GetProperty("links").EnumerateObject().Select(link => $"{link.Name} {link.Value}").ShouldBe(
            [$"self /fetches/{id}", $"results /fetches/{id}/results", $"events /jobs/{id}/events", $"cancel /jobs/{id}/cancel"]);
        fetch.GetProperty("options").ShouldBeJson("""
            { "concurrency": 100, "perHost": { "concurrency": 10, "requestsPerSecond": 0 }, "timeoutSeconds": 30, "requestTimeoutSeconds": 0,
              "deadlineSeconds": 0, "stopWhen": "never", "onInvalid": "reject", "maxBodyBytes": 1048576, "storeBodies": true, "maxRedirects": 5,
              "retry": { "maxRetries": 3, "baseDelaySeconds": 0.2, "maxDelaySeconds": 60, "statuses": [408, 425, 429, 500, 502, 503, 504] },
              "headers": {}, "secretHeaders": [], "sendIdempotencyKey": false }
            """);
    }

    [Fact]
    public async Task Index_runs_over_urls_then_requests()
    {
        string path = await _service.SubmitAsync(
            $$"""
            {"requests":[{"url":"{{_target.Url("ok/c")}}","tag":"t"},{"url":"{{_target.Url("ok/d")}}"}],
             "urls":["{{_target.Url("ok/a")}}","{{_target.Url("ok/b")}}"]}
            """);

        JsonElement[] results = await _service.ResultsAsync(path);

        results.Select(result => (result.Number("index"), result.Text("url"))).ShouldBe(
            [(0, _target.Url("ok/a")), (1, _target.Url("ok/b")), (2, _target.Url("ok/c")), (3, _target.Url("ok/d"))]);
        results[2].Text("tag").ShouldBe("t");
    }

    [Fact]
    public async Task Uri_list_skips_comments_and_blank_lines_and_reads_any_line_end()
    {
        string body = $"\uFEFF# a comment\r\n{_target.Url("ok/1")}\r\n\r\n#{_target.Url("ok/no")}\n{_target.Url("ok/2")}\n\n{_target.Url("ok/3")}";

        JsonElement[] results = await _service.ResultsAsync(await _service.SubmitAsync(body, UriList));

        results.Select(result => result.Text("url")).ShouldBe([_target.Url("ok/1"), _target.Url("ok/2"), _target.Url("ok/3")]);
    }

    [Theory]
    [InlineData(Ndjson)]
    [InlineData("application/jsonl")]
    [InlineData("APPLICATION/X-NDJSON; charset=utf-8")]
    public async Task Ndjson_takes_strings_and_objects(string contentType)
    {
        string body = $$"""
            "{{_target.Url("ok/1")}}"
            {"url":"{{_target.Url("echo")}}","method":"PUT","body":"é","headers":{"X-A":"1"},"tag":"two"}

            {"url":"{{_target.Url("echo")}}","method":"POST","bodyBase64":"AP8="}
            """;

        JsonElement[] results = await _service.ResultsAsync(await _service.SubmitAsync(body.ReplaceLineEndings("\r\n"), contentType), "&include=body");

        results.Select(result => result.Text("method")).ShouldBe(["GET", "PUT", "POST"]);
        results[1].Text("tag").ShouldBe("two");
        JsonElement echo = JsonSerializer.Deserialize<JsonElement>(results[1].Text("body"));
        echo.Text("body").ShouldBe("é");
        echo.GetProperty("headers").Text("X-A").ShouldBe("1");
    }

    [Fact]
    public async Task Lines_take_their_options_from_the_query()
    {
        string query = "?concurrency=7&perHost.concurrency=3&timeoutSeconds=1.5&retry.maxRetries=1&retry.baseDelaySeconds=0&retry.maxDelaySeconds=2"
            + "&retry.statuses=500,503&onInvalid=record&maxBodyBytes=10&storeBodies=false&maxRedirects=0&secretHeaders=X-A,X-B&priority=low&label=night%20ly";

        JsonElement fetch = await _service.OverAsync(await _service.SubmitAsync(_target.Url("ok/1"), UriList, query));

        fetch.Text("label").ShouldBe("night ly");
        fetch.Text("priority").ShouldBe("low");
        fetch.GetProperty("options").ShouldBeJson("""
            { "concurrency": 7, "perHost": { "concurrency": 3, "requestsPerSecond": 0 }, "timeoutSeconds": 1.5, "requestTimeoutSeconds": 0,
              "deadlineSeconds": 0, "stopWhen": "never", "onInvalid": "record", "maxBodyBytes": 10, "storeBodies": false, "maxRedirects": 0,
              "retry": { "maxRetries": 1, "baseDelaySeconds": 0, "maxDelaySeconds": 2, "statuses": [500, 503] },
              "headers": {}, "secretHeaders": ["X-A", "X-B"], "sendIdempotencyKey": false }
            """);
    }

    [Fact]
    public async Task Recorded_invalid_requests_fail_and_the_rest_runs()
    {
        string path = await _service.SubmitAsync(
            $$"""
            { "urls": ["{{_target.Url("ok/1")}}", "ftp://example.com/", "http://10.0.0.1/"],
              "requests": [{ "url": "{{_target.Url("ok/2")}}", "method": "TRACE", "tag": "bad" }, { "tag": "none" }, 7],
              "options": { "onInvalid": "record" } }
            """);

        JsonElement[] results = await _service.ResultsAsync(path);

        results.Select(result => result.GetProperty("reason").GetString()).ShouldBe([null, "invalidUrl", "blocked", "invalidRequest", "invalidRequest", "invalidRequest"]);
        results[3].Text("message").ShouldContain("method");
        results[3].Text("tag").ShouldBe("bad");
        results[1].Number("attempts").ShouldBe(0);
        JsonElement fetch = await _service.JsonAsync(path);
        fetch.Text("status").ShouldBe("completed");
        fetch.At("counts.failed").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task Recorded_invalid_lines_fail_and_the_rest_runs()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes("not json\n{\"url\":\"http://\"}\n"), 0xFF, (byte)'\n', .. Encoding.UTF8.GetBytes($"\"{_target.Url("ok/1")}\"\n")];
        using HttpResponseMessage answer = await _service.PostAsync("/fetches?onInvalid=record", new ByteArrayContent(body), Ndjson);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        JsonElement[] results = await _service.ResultsAsync(answer.Headers.Location!.ToString());

        results.Select(result => result.GetProperty("reason").GetString()).ShouldBe(["invalidRequest", "invalidUrl", "invalidRequest", null]);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("")]
    public async Task Other_content_types_are_415_and_name_the_readable(string contentType)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", "{}", contentType);

        (await answer.ShouldBeProblemAsync(ProblemTypes.UnsupportedMediaType)).Text("detail").ShouldContain(UriList);
    }

    [Fact]
    public async Task Accept_that_cannot_be_met_is_406_and_stores_nothing()
    {
        long before = await _service.CountAsync("fetches");

        using HttpResponseMessage answer = await _service.PostAsync("/fetches", ServiceCalls.Batch([_target.Url("ok/1")]), "application/json", ("Accept", "image/png"));

        await answer.ShouldBeProblemAsync(ProblemTypes.NotAcceptable);
        (await _service.CountAsync("fetches")).ShouldBe(before);
    }

    [Fact]
    public async Task Preferred_wait_answers_200_with_the_final_fetch()
    {
        using HttpResponseMessage answer = await _service.PostAsync(
            "/fetches", ServiceCalls.Batch([_target.Url("ok/1")]), "application/json", ("Prefer", "wait=60"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=60"]);
        (await answer.JsonAsync()).Text("status").ShouldBe("completed");
    }

    [Fact]
    public async Task Preferred_wait_that_passes_answers_202_with_the_present_fetch()
    {
        using HttpResponseMessage answer = await _service.PostAsync(
            "/fetches", ServiceCalls.Batch([_target.Url("delay/60000")]), "application/json", ("Prefer", "wait=0"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=0"]);
        JsonElement fetch = await answer.JsonAsync();
        fetch.Text("status").ShouldBeOneOf("queued", "running");
        await _service.PostAsync(fetch.At("links.cancel").GetString()!, "");
    }

    [Theory]
    [InlineData("low")]
    [InlineData("normal")]
    [InlineData("high")]
    public async Task Priority_is_taken_and_shown(string priority)
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: $",\"priority\":\"{priority}\""));

        (await _service.JsonAsync(path)).Text("priority").ShouldBe(priority);
    }
}
