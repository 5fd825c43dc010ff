using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.Fetches;

public sealed class TimelineTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Fact]
    public async Task Only_attempt_tells_its_course()
    {
        JsonElement result = (await _service.FetchAsync([_target.Url("ok/1")], more: "&include=attempts")).Single();

        JsonElement attempt = result.GetProperty("timeline").EnumerateArray().Single();
        attempt.Text("startedAt").ShouldBe(result.Text("startedAt"));
        attempt.GetProperty("durationMs").ToString().ShouldBe(result.GetProperty("durationMs").ToString());
        attempt.GetProperty("firstByteMs").GetDouble().ShouldBeGreaterThan(0);
        attempt.Text("address").ShouldBe($"127.0.0.1:{_target.Address.Port}");
        attempt.Number("status").ShouldBe(200);
        attempt.GetProperty("reason").ValueKind.ShouldBe(JsonValueKind.Null);
        attempt.GetProperty("redirects").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Every_attempt_is_told_with_what_it_waited_for()
    {
        JsonElement result = (await _service.FetchAsync(
            [_target.Url("flaky/timeline/2")], """{"retry":{"baseDelaySeconds":0.05}}""", "&include=attempts")).Single();

        JsonElement[] attempts = [.. result.GetProperty("timeline").EnumerateArray()];
        attempts.Select(attempt => attempt.Number("status")).ShouldBe([503, 503, 200]);
        attempts[..2].ShouldAllBe(attempt => attempt.Text("reason") == "httpStatus");
        attempts[1..].ShouldAllBe(attempt => attempt.Text("waitedFor") == "retry");
        attempts.Sum(attempt => attempt.GetProperty("waitedMs").GetDouble()).ShouldBe(result.GetProperty("waitedMs").GetDouble(), 0.3);
        attempts[^1].GetProperty("durationMs").GetDouble().ShouldBe(result.GetProperty("durationMs").GetDouble(), 0.11);
    }

    [Fact]
    public async Task Redirects_that_were_followed_are_told()
    {
        JsonElement result = (await _service.FetchAsync([_target.Url("redirect/2")], more: "&include=attempts")).Single();

        JsonElement attempt = result.GetProperty("timeline").EnumerateArray().Single();
        attempt.GetProperty("redirects").ShouldBeJson(
            $$"""[{"status":302,"url":"{{_target.Url("redirect/1")}}"},{"status":302,"url":"{{_target.Url("redirect/0")}}"}]""");
    }

    [Fact]
    public async Task Request_that_never_started_has_no_attempts()
    {
        JsonElement[] results = await _service.FetchAsync(
            ["ftp://nowhere/"], """{"onInvalid":"record"}""", "&include=attempts");

        results.Single().GetProperty("timeline").GetArrayLength().ShouldBe(0);
        results.Single().Number("attempts").ShouldBe(0);
    }

    [Fact]
    public async Task Idempotency_key_is_sent_and_the_same_on_every_attempt()
    {
        List<string> keys = [];
        await using TargetServer target = await TargetServer.StartAsync(app => app.MapPost("/pay", (HttpContext context) =>
        {
            lock (keys)
            {
                keys.Add(context.Request.Headers["Idempotency-Key"].ToString());
            }

            context.Response.StatusCode = keys.Count < 3 ? 500 : 200;
        }));
        string url = target.Url("pay");

        string path = await _service.SubmitAsync(
            $$"""{"requests":[{"url":"{{url}}","method":"POST"}],"options":{"sendIdempotencyKey":true,"retry":{"baseDelaySeconds":0.01} } }""");
        JsonElement result = (await _service.ResultsAsync(path)).Single();

        result.Text("outcome").ShouldBe("succeeded");
        keys.Count.ShouldBe(3);
        keys.Distinct().ShouldBe([$"{path["/fetches/".Length..]}-0"]);
    }

    [Fact]
    public async Task Attempts_and_their_wait_outlive_a_restart()
    {
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/busy", (HttpContext context) =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "3";
        }));
        using TempFolder folder = new();
        string path;
        await using (ServiceUnderTest first = await ServiceUnderTest.StartInAsync(folder.Path))
        {
            path = await first.SubmitAsync(ServiceCalls.Batch([target.Url("busy")], """{"retry":{"maxRetries":1}}"""));
            await Eventually.Until(async () => await first.CountAsync("fetch_waits") == 1);
        }

        await using ServiceUnderTest second = await ServiceUnderTest.StartInAsync(folder.Path);
        JsonElement result = (await second.ResultsAsync(path, "&include=attempts")).Single();

        result.Number("attempts").ShouldBe(2);
        target.Hits("/busy").ShouldBe(2);
        JsonElement[] attempts = [.. result.GetProperty("timeline").EnumerateArray()];
        DateTimeOffset due = attempts[0].GetProperty("startedAt").GetDateTimeOffset()
            .AddMilliseconds(attempts[0].GetProperty("durationMs").GetDouble());
        attempts[1].GetProperty("startedAt").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(due.AddMilliseconds(2_998));
        attempts[1].Text("waitedFor").ShouldBe("retryAfter");
        (await second.CountAsync("fetch_waits")).ShouldBe(0);
    }
}
