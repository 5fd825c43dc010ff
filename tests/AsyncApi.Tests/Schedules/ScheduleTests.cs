using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Schedules;

public sealed class ScheduleTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Fact]
    public async Task New_schedule_is_answered_with_its_place_and_its_next_runs()
    {
        using HttpResponseMessage added = await _service.PostAsync(
            "/schedules",
            """{"cron":"30 2 * * MON-FRI","timeZone":"Europe/Berlin","fetch":{"urls":["http://example.com/"],"label":"own"},"label":"nightly"}""");

        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        JsonElement schedule = await added.JsonAsync();
        added.Headers.Location!.ToString().ShouldBe($"/schedules/{schedule.Text("id")}");
        (schedule.Text("cron"), schedule.Text("timeZone"), schedule.Text("label")).ShouldBe(("30 2 * * MON-FRI", "Europe/Berlin", "nightly"));
        (schedule.Text("onMissed"), schedule.Text("onOverlap"), schedule.GetProperty("enabled").GetBoolean()).ShouldBe(("runOnce", "skip", true));
        schedule.GetProperty("fetch").ShouldBeJson("""{"urls":["http://example.com/"],"label":"own"}""");
        schedule.GetProperty("nextRuns").GetArrayLength().ShouldBe(5);
        schedule.GetProperty("nextRuns")[0].GetString().ShouldBe(schedule.Text("nextRunAt"));
        schedule.Text("nextRunAt").ShouldMatch(@"T0[01]:30:00\.000Z$");
        (schedule.GetProperty("lastRunAt").ValueKind, schedule.GetProperty("lastJobId").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
        (await _service.JsonAsync(added.Headers.Location.ToString())).ToString().ShouldBe(schedule.ToString());
    }

    [Fact]
    public async Task Next_due_times_are_told_for_one_that_is_not_enabled_too()
    {
        string path = await _service.AddScheduleAsync(ScheduleCalls.Body("http://example.com/", ",\"enabled\":false", "0 0 1 1 *"));

        JsonElement next = await _service.JsonAsync($"{path}/next?count=3");

        JsonElement[] times = [.. next.GetProperty("items").EnumerateArray()];
        times.Select(time => time.GetString()![4..]).ShouldBe(["-01-01T00:00:00.000Z", "-01-01T00:00:00.000Z", "-01-01T00:00:00.000Z"]);
        JsonElement schedule = await _service.JsonAsync(path);
        (schedule.GetProperty("nextRunAt").ValueKind, schedule.GetProperty("nextRuns").GetArrayLength()).ShouldBe((JsonValueKind.Null, 0));
        using HttpResponseMessage wrong = await _service.GetAsync($"{path}/next?count=101");
        (await wrong.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("count:");
    }

    [Fact]
    public async Task Secrets_are_sent_and_not_shown()
    {
        string path = await _service.AddScheduleAsync($$$"""
            {"cron":"0 0 29 2 *","label":"secretive","fetch":{
              "requests":[{"url":"{{{_target.Url("echo")}}}","headers":{"Authorization":"Bearer s3cret","X-Token":"s3cret","X-Open":"seen"}}],
              "options":{"headers":{"cookie":"s3cret"},"secretHeaders":["x-token"]} } }
            """);

        string shown = (await _service.JsonAsync(path)).ToString();
        shown.ShouldNotContain("s3cret");
        shown.ShouldContain("seen");
        using HttpResponseMessage run = await _service.PostAsync($"{path}/run", "");
        string fetch = run.Headers.Location!.ToString();
        await _service.OverAsync(fetch);
        using HttpResponseMessage body = await _service.GetAsync($"{fetch}/results/0/body");
        (await body.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Bearer s3cret");
        _service.Log.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}", "cron: is required", "fetch: is required")]
    [InlineData("""{"cron":"61 * * * *","fetch":{"urls":["http://example.com/"]}}""", "cron: minute \"61\" must be a whole number from 0 to 59")]
    [InlineData("""{"cron":"0 0 31 2 *","fetch":{"urls":["http://example.com/"]}}""", "cron: never comes: none of its months has such a day")]
    [InlineData("""{"cron":"* * * * *","fetch":{"urls":["http://example.com/"]},"timeZone":"Berlin"}""", "timeZone: must be the IANA name of a time zone, such as Europe/Berlin, was \"Berlin\"")]
    [InlineData("""{"cron":"* * * * *","fetch":{"urls":["http://10.0.0.1/"]}}""", "fetch.urls[0]: *")]
    [InlineData("""{"cron":"* * * * *","fetch":{"urls":[17]}}""", "fetch.urls[0]: must be a string, was a number")]
    [InlineData("""{"cron":"* * * * *","fetch":{"requests":[{"url":"ftp://example.com/","method":"BREW"}]}}""", "fetch.requests[0].method: *", "fetch.requests[0].url: *")]
    [InlineData("""{"cron":"* * * * *","fetch":{"urls":["http://example.com/"],"options":{"concurrency":0,"retry":{"maxDelaySeconds":0.1}}}}""", "fetch.options.concurrency: *", "fetch.options.retry.maxDelaySeconds: *")]
    [InlineData("""{"cron":"* * * * *","fetch":{}}""", "fetch.requests: urls and requests together must hold at least one, unless urlsFrom names a file of them")]
    [InlineData("""{"cron":"* * * * *","fetch":[]}""", "fetch: must be an object, was an array")]
    [InlineData("""{"cron":"* * * * *","fetch":{"urls":["http://example.com/"],"lable":1}}""", "fetch.lable: unknown member*")]
    [InlineData("""{"cron":"* * * * *","fetch":{"urls":["http://example.com/"]},"onMissed":"run","onOverlap":"queue","enabled":1,"crno":""}""", "enabled: *", "onMissed: *", "onOverlap: *", "crno: *")]
    public async Task Every_fault_is_named_by_its_place(string body, params string[] expected)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/schedules", body);

        string[] faults = await answer.ShouldBeFaultsAsync();
        faults.Length.ShouldBe(expected.Length, string.Join('\n', faults));
        foreach ((string fault, string pattern) in faults.Zip(expected))
        {
            bool holds = pattern.EndsWith('*') ? fault.StartsWith(pattern[..^1], StringComparison.Ordinal) : fault == pattern;
            holds.ShouldBeTrue($"{fault} is not {pattern}");
        }
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PUT", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/run")]
    [InlineData("GET", "/next")]
    public async Task Unknown_and_malformed_ids_are_404(string method, string below)
    {
        foreach (string id in (string[])["019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001", "1", "019AA0F35A5C7C7E8F650D9BD2F7A001"])
        {
            using HttpRequestMessage request = new(HttpMethod.Parse(method), $"/schedules/{id}{below}")
            {
                Content = method == "PUT" ? JsonContent(ScheduleCalls.Body("http://example.com/")) : null,
            };
            using HttpResponseMessage answer = await _service.Client.SendAsync(request, TestContext.Current.CancellationToken);
            await answer.ShouldBeProblemAsync(ProblemTypes.NotFound);
        }
    }

    [Fact]
    public async Task List_pages_newest_first_without_what_is_submitted()
    {
        string[] paths = new string[3];
        for (int i = 0; i < paths.Length; i++)
        {
            paths[i] = await _service.AddScheduleAsync(ScheduleCalls.Body("http://example.com/", $",\"label\":\"listed\",\"enabled\":{(i < 2 ? "true" : "false")}"));
        }

        JsonElement first = await _service.JsonAsync("/schedules?label=listed&limit=2");
        JsonElement second = await _service.JsonAsync($"/schedules?label=listed&limit=2&cursor={first.Text("nextCursor")}");
        JsonElement enabled = await _service.JsonAsync("/schedules?label=listed&enabled=true");

        IdsOf(first).Concat(IdsOf(second)).ShouldBe(paths.Reverse().Select(path => path["/schedules/".Length..]));
        first.GetProperty("items")[0].GetProperty("fetch").ValueKind.ShouldBe(JsonValueKind.Null);
        enabled.GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Key_sent_again_makes_no_second_schedule()
    {
        string body = ScheduleCalls.Body("http://example.com/", ",\"label\":\"once\"");
        using HttpResponseMessage first = await _service.PostAsync("/schedules", body, headers: ("Idempotency-Key", "schedule-1"));
        using HttpResponseMessage again = await _service.PostAsync("/schedules", body, headers: ("Idempotency-Key", "schedule-1"));

        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        (await _service.JsonAsync("/schedules?label=once")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Deleted_schedule_is_gone_and_its_fetch_stays()
    {
        string path = await _service.AddScheduleAsync(ScheduleCalls.Body(_target.Url("ok/1")));
        using HttpResponseMessage run = await _service.PostAsync($"{path}/run", "");

        using HttpResponseMessage deleted = await _service.DeleteAsync(path);
        using HttpResponseMessage found = await _service.GetAsync(path);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await found.ShouldBeProblemAsync(ProblemTypes.NotFound);
        (await _service.OverAsync(run.Headers.Location!.ToString())).Text("status").ShouldBe("completed");
    }

    [Fact]
    public async Task Body_over_its_size_is_refused()
    {
        string body = ScheduleCalls.Body("http://example.com/", $",\"label\":\"{new string('x', 1024 * 1024)}\"");

        using HttpResponseMessage answer = await _service.PostAsync("/schedules", body, headers: ServiceCalls.AskingFirst);

        await answer.ShouldBeProblemAsync(ProblemTypes.PayloadTooLarge);
    }

    private static StringContent JsonContent(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private static IEnumerable<string> IdsOf(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.Text("id"));
}
