using System.Net;
using System.Text;
using System.Text.Json;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Files;
using AsyncApi.Tests.Http;
using AsyncApi.Tests.Items;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Schedules;

public sealed class ScheduleRunTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TargetServer _target = null!;
    private ServiceUnderTest _service = null!;

    public async ValueTask InitializeAsync()
    {
        _target = await TargetServer.StartAsync();
        _service = await ServiceUnderTest.StartInAsync(_folder.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _target.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Due_time_makes_one_fetch_and_the_schedule_goes_on()
    {
        string path = await _service.AddScheduleAsync(Body("due"));
        string next = (await _service.JsonAsync(path)).Text("nextRunAt");

        await _service.LetItBeDueAsync(path);
        await Eventually.Until(async () => (await _service.FetchesAsync("due")).Length > 0);

        JsonElement schedule = await _service.JsonAsync(path);
        JsonElement fetch = (await _service.FetchesAsync("due")).ShouldHaveSingleItem();
        schedule.Text("nextRunAt").ShouldBe(next);
        (schedule.Text("lastJobId"), schedule.Text("lastRunAt")).ShouldBe((fetch.Text("id"), fetch.Text("createdAt")));
        (await _service.OverAsync($"/fetches/{fetch.Text("id")}")).Text("status").ShouldBe("completed");
        _target.Hits("/ok/1").ShouldBe(1);
    }

    [Fact]
    public async Task Due_time_ahead_is_slept_until_and_not_polled_for()
    {
        string path = await _service.AddScheduleAsync(Body("soon"));

        await _service.LetItBeDueAsync(path, TimeSpan.FromMilliseconds(-300));

        await Eventually.Until(async () => (await _service.FetchesAsync("soon")).Length > 0, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Run_before_that_is_not_over_is_not_overlapped_unless_allowed()
    {
        string[] paths =
        [
            await _service.AddScheduleAsync(Body("skipping", url: _target.Url("delay/60000"))),
            await _service.AddScheduleAsync(Body("allowing", ",\"onOverlap\":\"allow\"", _target.Url("delay/60000"))),
        ];
        for (int run = 1; run <= 2; run++)
        {
            foreach (string path in paths)
            {
                await _service.LetItBeDueAsync(path);
            }

            await Eventually.Until(async () => (await _service.FetchesAsync("allowing")).Length == run);
        }

        await NoneIsDueAsync(paths);
        (await _service.FetchesAsync("skipping")).Length.ShouldBe(1);
        (await _service.JsonAsync(paths[0])).Text("lastJobId").ShouldBe((await _service.FetchesAsync("skipping"))[0].Text("id"));
    }

    [Fact]
    public async Task Missed_due_times_are_one_run_or_none()
    {
        string once = await _service.AddScheduleAsync(Body("once", cron: "0 */2 * * *"));
        string skipped = await _service.AddScheduleAsync(Body("skipped", ",\"onMissed\":\"skip\"", cron: "0 */2 * * *"));
        string late = await _service.AddScheduleAsync(Body("late", ",\"onMissed\":\"skip\"", cron: "0 */2 * * *"));
        await _service.DisposeAsync();

        _service = await ServiceUnderTest.StartInAsync(_folder.Path);
        await _service.LetItBeDueAsync(once, TimeSpan.FromHours(26));
        await _service.LetItBeDueAsync(skipped, TimeSpan.FromHours(26));
        await _service.LetItBeDueAsync(late, TimeSpan.FromSeconds(30));
        await NoneIsDueAsync([once, skipped, late]);

        (await _service.FetchesAsync("once")).Length.ShouldBe(1);
        (await _service.FetchesAsync("skipped")).ShouldBeEmpty();
        (await _service.FetchesAsync("late")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Replacing_takes_effect_at_once()
    {
        string path = await _service.AddScheduleAsync(Body("first"));

        JsonElement off = await _service.ReplaceScheduleAsync(path, Body("second", ",\"enabled\":false"));
        JsonElement on = await _service.ReplaceScheduleAsync(path, Body("third", cron: "* * * * *"));
        await _service.LetItBeDueAsync(path);
        JsonElement same = await _service.ReplaceScheduleAsync(path, Body("fourth", cron: "* * * * *"));

        off.GetProperty("nextRunAt").ValueKind.ShouldBe(JsonValueKind.Null);
        on.GetProperty("nextRunAt").GetDateTimeOffset().ShouldBeLessThan(TimeProvider.System.GetUtcNow().AddMinutes(1));
        same.Text("label").ShouldBe("fourth");
        // What had come due before the change still runs, as it was or as it is.
        await Eventually.Until(async () => (await _service.FetchesAsync("third")).Length + (await _service.FetchesAsync("fourth")).Length > 0);
        (await _service.FetchesAsync("first")).Concat(await _service.FetchesAsync("second")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_now_answers_with_the_fetch_and_leaves_the_due_times()
    {
        string path = await _service.AddScheduleAsync(Body("now", ",\"enabled\":false"));

        using HttpResponseMessage answer = await _service.PostAsync($"{path}/run", "", headers: [("Prefer", "wait=30"), ("Idempotency-Key", "run-1")]);
        using HttpResponseMessage again = await _service.PostAsync($"{path}/run", "", headers: ("Idempotency-Key", "run-1"));
        using HttpResponseMessage wrong = await _service.PostAsync($"{path}/run?when=now", "");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonElement fetch = await answer.JsonAsync();
        (fetch.Text("status"), fetch.Text("label")).ShouldBe(("completed", "now"));
        answer.Headers.Location!.ToString().ShouldBe($"/fetches/{fetch.Text("id")}");
        JsonElement schedule = await _service.JsonAsync(path);
        (schedule.Text("lastJobId"), schedule.GetProperty("nextRunAt").ValueKind).ShouldBe((fetch.Text("id"), JsonValueKind.Null));
        (again.StatusCode, again.Headers.Location).ShouldBe((HttpStatusCode.Accepted, answer.Headers.Location));
        (await wrong.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("when:");
        _target.Hits("/ok/1").ShouldBe(1);
    }

    [Fact]
    public async Task Fetch_that_is_no_longer_acceptable_says_so()
    {
        string path = await _service.AddScheduleAsync(Body("refused"));
        await _service.DisposeAsync();

        _service = await ServiceUnderTest.StartInAsync(_folder.Path, ("Fetch:AllowedNetworks:0", "127.77.0.0/16"));
        await _service.LetItBeDueAsync(path);
        await NoneIsDueAsync([path]);

        (await _service.JsonAsync(path)).Text("lastError").ShouldStartWith("The fetch is no longer acceptable: fetch.urls[0] ");
        using HttpResponseMessage run = await _service.PostAsync($"{path}/run", "");
        (await run.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("fetch.urls[0]:");
    }

    [Fact]
    public async Task File_of_urls_is_read_at_each_run()
    {
        string path = await _service.AddScheduleAsync("""{"cron":"0 0 29 2 *","label":"file","fetch":{"urlsFrom":"/files/list.txt"}}""");

        await _service.LetItBeDueAsync(path);
        await NoneIsDueAsync([path]);
        (await _service.JsonAsync(path)).Text("lastError").ShouldBe(
            "The fetch is no longer acceptable: fetch.urlsFrom there is no file \"/files/list.txt\"");
        await _service.StoreAsync("/files/list.txt", Encoding.UTF8.GetBytes("nonsense"));
        using HttpResponseMessage refused = await _service.PostAsync($"{path}/run", "");
        await _service.StoreAsync("/files/list.txt", Encoding.UTF8.GetBytes($"{_target.Url("ok/1")}\n{_target.Url("ok/2")}"));
        await _service.LetItBeDueAsync(path);

        await Eventually.Until(async () => (await _service.FetchesAsync("file")).Length == 1);
        (await refused.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("fetch.urlsFrom line 1: ");
        (await _service.FetchesAsync("file"))[0].At("counts.total").GetInt32().ShouldBe(2);
        (await _service.JsonAsync(path)).GetProperty("lastError").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Full_queue_puts_a_run_off_and_loses_none()
    {
        await _service.DisposeAsync();
        _service = await ServiceUnderTest.StartInAsync(_folder.Path, ("Jobs:MaxRunning", "1"), ("Jobs:MaxQueued", "1"));
        string release = await _service.HoldTheSlotAsync(_target);
        string path = await _service.AddScheduleAsync(Body("put off"));

        await _service.LetItBeDueAsync(path);
        await Eventually.Until(() => _service.Log.Lines.Any(line => line.Text.Contains("queue is full", StringComparison.Ordinal)));
        (await _service.FetchesAsync("put%20off")).ShouldBeEmpty();
        using HttpResponseMessage released = await _service.PostAsync(release, "");

        await Eventually.Until(async () => (await _service.FetchesAsync("put%20off")).Length == 1);
    }

    [Fact]
    public async Task Full_disk_puts_a_run_off_and_loses_none()
    {
        string line = $"{_target.Url("ok/1")}?{new string('x', 500)}";
        await _service.StoreAsync("/files/full.txt", Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Repeat(line, 1_000))));
        string path = await _service.AddScheduleAsync("""{"cron":"0 0 29 2 *","label":"full","fetch":{"urlsFrom":"/files/full.txt"}}""");

        // As many pages as there are: a run needs more, its schedule's row does not.
        await _service.SetMostPagesAsync(1);
        await _service.LetItBeDueAsync(path);
        await Eventually.Until(() => _service.Log.Lines.Any(line => line.Text.Contains("loop of the schedules met a fault", StringComparison.Ordinal)));
        JsonElement due = await _service.JsonAsync(path);
        await _service.SetMostPagesAsync(1_000_000);

        await Eventually.Until(async () => (await _service.FetchesAsync("full")).Length == 1);
        due.GetProperty("lastError").ValueKind.ShouldBe(JsonValueKind.Null);
        due.GetProperty("nextRunAt").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(TimeProvider.System.GetUtcNow());
    }

    private string Body(string label, string more = "", string? url = null, string cron = "0 0 29 2 *") =>
        ScheduleCalls.Body(url ?? _target.Url("ok/1"), $",\"label\":\"{label}\"{more}", cron);

    private async Task NoneIsDueAsync(string[] paths) => await Eventually.Until(async () =>
    {
        foreach (string path in paths)
        {
            if ((await _service.JsonAsync(path)).GetProperty("nextRunAt").GetDateTimeOffset() <= TimeProvider.System.GetUtcNow())
            {
                return false;
            }
        }

        return true;
    });
}
