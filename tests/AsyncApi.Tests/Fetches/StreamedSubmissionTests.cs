using System.Net;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Fetches;

public class StreamedSubmissionTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ndjson_is_every_result_and_an_end_record()
    {
        string[] urls = [.. Enumerable.Range(0, 20).Select(i => _target.Url($"ok/{i}"))];

        using HttpResponseMessage answer = await _service.PostAsync(
            "/fetches", ServiceCalls.Batch(urls), "application/json", ("Accept", "application/x-ndjson"));
        string[] lines = (await answer.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        string id = answer.Headers.GetValues("X-Fetch-Id").Single();
        answer.Headers.Location!.ToString().ShouldBe($"/fetches/{id}");
        answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
        answer.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        JsonElement[] records = [.. lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        records.SkipLast(1).Select(record => record.Number("seq")).ShouldBe(Enumerable.Range(1, 20));
        records.SkipLast(1).Select(record => record.Text("url")).Order(StringComparer.Ordinal).ShouldBe(urls.Order(StringComparer.Ordinal));
        records[^1].ShouldBeJson(
            """{"end":true,"status":"completed","counts":{"total":20,"pending":0,"running":0,"succeeded":20,"failed":0,"cancelled":0}}""");
    }

    [Fact]
    public async Task Events_are_every_result_and_an_end()
    {
        using HttpResponseMessage answer = await _service.PostAsync(
            "/fetches", ServiceCalls.Batch([_target.Url("ok/1"), _target.Url("ok/2")]), "application/json", ("Accept", "text/event-stream"));
        string text = await answer.Content.ReadAsStringAsync(Token);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        string[] lines = text.Split('\n');
        lines.Count(line => line == "event: result").ShouldBe(2);
        lines.ShouldContain("id: 2");
        string end = lines[Array.IndexOf(lines, "event: end")..].First(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..];
        JsonSerializer.Deserialize<JsonElement>(end).Text("status").ShouldBe("completed");
    }

    [Fact]
    public async Task First_result_comes_before_the_last_request_is_answered()
    {
        using HttpResponseMessage answer = await _service.PostAsync(
            "/fetches?onDisconnect=cancel", ServiceCalls.Batch([_target.Url("ok/1"), _target.Url("delay/60001")]), "application/json", ("Accept", "application/x-ndjson"));
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync(Token));

        string? line = await reader.ReadLineAsync(Token);

        line.ShouldNotBeNull().ShouldContain("/ok/1");
    }

    [Fact]
    public async Task Fetch_is_cancelled_when_its_reader_leaves_and_asked_for_it()
    {
        string id = await LeaveAsync("?onDisconnect=cancel", "delay/60002");

        JsonElement fetch = await _service.OverAsync($"/fetches/{id}");

        fetch.Text("status").ShouldBe("cancelled");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?onDisconnect=continue")]
    public async Task Fetch_goes_on_when_its_reader_leaves(string query)
    {
        string id = await LeaveAsync(query, "delay/300");

        JsonElement fetch = await _service.OverAsync($"/fetches/{id}");

        fetch.Text("status").ShouldBe("completed");
        fetch.At("counts.succeeded").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Refusal_is_a_problem_and_no_stream()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", "{}", "application/json", ("Accept", "text/event-stream"));

        (await answer.ShouldBeFaultsAsync()).ShouldNotBeEmpty();
    }

    // Reads the headers, waits until the target has the request, and goes.
    private async Task<string> LeaveAsync(string query, string path)
    {
        int before = _target.Hits("/" + path);
        using HttpResponseMessage answer = await _service.PostAsync(
            "/fetches" + query, ServiceCalls.Batch([_target.Url(path)]), "application/json", ("Accept", "application/x-ndjson"));
        await Eventually.Until(() => _target.Hits("/" + path) > before);
        return answer.Headers.GetValues("X-Fetch-Id").Single();
    }
}
