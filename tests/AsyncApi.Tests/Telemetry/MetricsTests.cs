using System.Net;
using System.Text.RegularExpressions;
using AsyncApi.Tests.Callbacks;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Items;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace AsyncApi.Tests.Telemetry;

public sealed class MetricsTests : IAsyncLifetime
{
    private const string Once = """{"retry":{"maxRetries":0}}""";

    private ServiceUnderTest _service = null!;
    private TargetServer _target = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _target = await TargetServer.StartAsync();
        _service = await ServiceUnderTest.StartAsync(
            ("Callbacks:Secrets:0", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), ("Callbacks:Scale", "0.0001"));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task Results_are_counted_by_outcome_and_reason_with_what_they_cost()
    {
        string[] urls = [_target.Url("bytes/1000"), _target.Url("bytes/24"), _target.Url("status/404"), "http://127.0.0.1:1/"];
        await _service.OverAsync(await _service.SubmitAsync(ServiceCalls.Batch(urls, Once)));
        await _service.OverAsync(await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("flaky/a/1")], """{"retry":{"maxRetries":1,"baseDelaySeconds":0.01}}""")));

        await ShouldBecomeAsync(
            ("""asyncapi_fetches_results_total{outcome="succeeded",reason="none"}""", 3),
            ("""asyncapi_fetches_results_total{outcome="failed",reason="httpStatus"}""", 1),
            ("""asyncapi_fetches_results_total{outcome="failed",reason="connect"}""", 1),
            ("""asyncapi_fetches_results_total{outcome="cancelled",reason="cancelled"}""", null),
            ("""asyncapi_fetches_attempt_duration_seconds_count{outcome="succeeded"}""", 3),
            ("""asyncapi_fetches_attempt_duration_seconds_count{outcome="failed"}""", 2),
            ("asyncapi_fetches_retries_total", 1),
            ("asyncapi_fetches_received_bytes_total", 1025),
            ("asyncapi_fetches_results_unstored", 0),
            ("asyncapi_fetches_hosts_broken", 0),
            ("""asyncapi_jobs_ended_total{kind="fetch",status="completed"}""", 2));
    }

    [Fact]
    public async Task Jobs_are_counted_while_they_run_and_when_they_end()
    {
        await _service.ItemOverAsync(await _service.AddItemAsync("some text"));
        string fetch = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("delay/60000"), _target.Url("delay/60000")]));
        await Eventually.Until(() => _target.Running == 2);
        using HttpResponseMessage stream = await _service.GetAsync(fetch + "/results", ("Accept", "application/x-ndjson"));

        await ShouldBecomeAsync(
            ("""asyncapi_jobs_running{kind="fetch"}""", 1),
            ("""asyncapi_jobs_running{kind="item"}""", 0),
            ("asyncapi_fetches_attempts_running", 2),
            ("asyncapi_fetches_readers", 1));

        await _service.PostAsync(fetch.Replace("fetches", "jobs", StringComparison.Ordinal) + "/cancel", "").ShouldBeAsync(HttpStatusCode.OK);
        await _service.OverAsync(fetch);
        await ShouldBecomeAsync(
            ("""asyncapi_jobs_ended_total{kind="item",status="completed"}""", 1),
            ("""asyncapi_jobs_ended_total{kind="fetch",status="cancelled"}""", 1),
            ("""asyncapi_jobs_running{kind="fetch"}""", 0),
            ("""asyncapi_jobs_wait_duration_seconds_count{kind="item"}""", 1),
            ("""asyncapi_jobs_run_duration_seconds_count{kind="fetch"}""", 1),
            ("""asyncapi_fetches_results_total{outcome="cancelled",reason="cancelled"}""", 2),
            ("""asyncapi_fetches_attempt_duration_seconds_count{outcome="succeeded"}""", null),
            ("asyncapi_fetches_attempts_running", 0),
            ("asyncapi_fetches_readers", 0));
    }

    [Fact]
    public async Task Run_that_a_pause_ends_is_handed_back_and_not_ended()
    {
        string fetch = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("delay/100"), _target.Url("delay/60000")], """{"concurrency":1}"""));
        await Eventually.Until(() => _target.Running == 1);
        string job = fetch.Replace("fetches", "jobs", StringComparison.Ordinal);

        await _service.PostAsync(job + "/pause", "").ShouldBeAsync(HttpStatusCode.OK);
        await ShouldBecomeAsync(
            ("""asyncapi_jobs_handed_back_total{kind="fetch"}""", 1), ("""asyncapi_jobs_ended_total{kind="fetch",status="completed"}""", null));
    }

    [Fact]
    public async Task Jobs_of_a_process_that_died_are_counted_as_rescued()
    {
        using TempFolder folder = new();
        await using (ServiceUnderTest before = await ServiceUnderTest.StartInAsync(folder.Path))
        {
            await before.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: ""","delaySeconds":3600"""));
        }

        await using (SqliteConnection connection = new($"Data Source={Path.Combine(folder.Path, "asyncapi.db")};Pooling=False"))
        {
            await connection.OpenAsync(Token);
            await using SqliteCommand die = connection.CreateCommand();
            die.CommandText = "update jobs set status = 'running', owner = '019AA0F3-5A5C-7C7E-8F65-0D9BD2F7A001', attempts = 1, lease_token = 1";
            await die.ExecuteNonQueryAsync(Token);
        }

        await using ServiceUnderTest after = await ServiceUnderTest.StartInAsync(folder.Path);
        await Eventually.Until(async () => (await ScrapeAsync(after))["asyncapi_jobs_rescued_total"] == 1);
        await Eventually.Until(async () => (await ScrapeAsync(after))["""asyncapi_jobs_ended_total{kind="fetch",status="completed"}"""] == 1);
    }

    [Fact]
    public async Task Broken_hosts_are_counted_until_they_are_let_through_again()
    {
        await _service.OverAsync(await _service.SubmitAsync(ServiceCalls.Batch(Enumerable.Repeat(_target.Url("status/500"), 20), Once)));
        await ShouldBecomeAsync(("asyncapi_fetches_hosts_broken", 1));

        await _service.PostAsync($"/hosts/{_target.Address.Authority}/reset", "").ShouldBeAsync(HttpStatusCode.OK);
        await ShouldBecomeAsync(("asyncapi_fetches_hosts_broken", 0));
    }

    [Fact]
    public async Task Callbacks_are_counted_by_what_came_of_them()
    {
        await using Receiver receiver = await Receiver.StartAsync((_, before) => before == 0 ? 500 : 204);

        await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: $$""","callback":{"url":"{{receiver.Url("told")}}"}"""));

        await ShouldBecomeAsync(
            ("""asyncapi_callbacks_tries_total{result="refused"}""", 1),
            ("""asyncapi_callbacks_tries_total{result="heard"}""", 1),
            ("""asyncapi_callbacks_ended_total{status="delivered"}""", 1));
    }

    [Fact]
    public async Task Commits_are_measured()
    {
        await _service.AddItemAsync("some text");

        Exposition scrape = await ScrapeAsync();
        scrape["asyncapi_storage_writes_waiting"].ShouldNotBeNull();
        scrape["asyncapi_storage_commit_duration_seconds_count"].ShouldNotBeNull().ShouldBeGreaterThan(0);
        scrape["asyncapi_storage_commit_commands_sum"]!.Value.ShouldBeGreaterThanOrEqualTo(scrape["asyncapi_storage_commit_commands_count"]!.Value);
    }

    [Fact]
    public async Task Labels_hold_no_address_no_id_and_no_text_of_users()
    {
        string fetch = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/4711"), "http://nowhere.invalid/"], Once, ""","label":"nightly" """));
        await _service.OverAsync(fetch);
        using HttpResponseMessage missing = await _service.GetAsync("/files/private/4711?secret=1");
        Exposition scrape = await ScrapeAsync();
        string[] routes = [.. _service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!.Trim('/'))];

        scrape.All.ShouldContain(series => series.Labels.Any(label => label.Name == "http_route"));
        foreach ((string name, string value) in scrape.All.SelectMany(series => series.Labels).Distinct())
        {
            if (name == "http_route")
                routes.ShouldContain(value.Trim('/'));
            else
                Regex.IsMatch(value, "[/:]|[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+|4711|nightly|nowhere|localhost|[0-9a-f]{8}", RegexOptions.None, TimeSpan.FromSeconds(1))
                    .ShouldBeFalse($"{name}={value}");
        }
    }

    [Fact]
    public async Task Every_figure_of_our_own_is_described_and_named_after_its_unit()
    {
        Exposition scrape = await ScrapeAsync();

        string[] own = [.. scrape.All.Select(series => series.Family).Where(family => family.StartsWith("asyncapi_", StringComparison.Ordinal)).Distinct()];
        own.Length.ShouldBeGreaterThan(8);
        own.ShouldAllBe(family => scrape.Help[family].Length > 10);
        own.Where(family => family.Contains("duration", StringComparison.Ordinal)).ShouldAllBe(family => family.EndsWith("_seconds", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scrapes_are_quiet_in_the_log_and_no_requests_of_clients()
    {
        await ScrapeAsync();

        Exposition scrape = await ScrapeAsync();
        scrape.All.SelectMany(series => series.Labels).ShouldNotContain(("http_route", "/metrics"));
        await _service.JsonAsync("/jobs");
        await Eventually.Until(() => _service.Log.Lines.Any(line => line.Text.Contains("GET /jobs answered 200", StringComparison.Ordinal)));
        _service.Log.Lines.ShouldNotContain(line => line.Text.Contains("/metrics", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_metrics_are_given_to_who_asks_for_them()
    {
        using HttpResponseMessage answer = await _service.GetAsync("/metrics", ("Accept", "application/openmetrics-text; version=1.0.0"));

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/openmetrics-text");
        (await answer.Content.ReadAsStringAsync(Token)).ShouldEndWith("# EOF\n");
    }

    [Fact]
    public void Nothing_is_traced_where_nobody_is_told() => _service.Services.GetService<TracerProvider>().ShouldBeNull();

    private async Task ShouldBecomeAsync(params (string Series, double? Value)[] expected)
    {
        string[] all = [.. expected.Select(pair => $"{pair.Series} {pair.Value}")];
        string[] actual = [];
        try
        {
            // What a job came to is counted a moment after its client may know it, and a scrape may be 300 ms old.
            await Eventually.Until(async () =>
            {
                Exposition scrape = await ScrapeAsync();
                actual = [.. expected.Select(pair => $"{pair.Series} {scrape[pair.Series]}")];
                return actual.SequenceEqual(all);
            }, TimeSpan.FromSeconds(20));
        }
        finally
        {
            actual.ShouldBe(all);
        }
    }

    private Task<Exposition> ScrapeAsync() => ScrapeAsync(_service);

    private static async Task<Exposition> ScrapeAsync(ServiceUnderTest service)
    {
        using HttpResponseMessage answer = await service.GetAsync("/metrics");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        return Exposition.Parse(await answer.Content.ReadAsStringAsync(Token));
    }
}
