using System.Net;
using System.Net.Http.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>
/// Each due time of a schedule makes one fetch, whenever a process is killed. Due times come by the minute at best; here the
/// database is told that they have come, as it finds them when nothing ran for a while.
/// </summary>
public sealed class ScheduleKillTests(ITestOutputHelper output)
{
    private const int Schedules = 400;
    private const int Clients = 16;

    // A leap day: by itself none falls due while a test runs.
    private const string Cron = "0 0 29 2 *";

    private static readonly Dictionary<string, string> Quiet = new() { ["Logging:LogLevel:Default"] = "Warning" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string LetAllBeDue =>
        $"update schedules set next_run_at = {TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}, version = version + 1 where enabled";

    [Fact]
    public async Task Schedules_ofAProcessKilledWhileTheyRun_makeOneFetchForEachDueTime()
    {
        const int Rounds = 2;
        await using TargetServer target = await TargetServer.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync(settings: Quiet);
        await AddSchedulesAsync(service.Client, target);
        int cut = 0;
        for (int round = 1; round <= Rounds; round++)
        {
            await service.KillAsync();
            await StoredData.ChangeAsync(service.DataFolder, LetAllBeDue);
            await service.StartAgainAsync();
            await UntilSomeRanAsync(round, CountAsync);
            await service.KillAsync();
            cut += await ReportAsync(round, CountAsync);
            await service.StartAgainAsync();
            await ShouldHaveRunOnceEachAsync(round, CountAsync);
        }

        cut.ShouldBeGreaterThan(0, "some kill must fall between the first run and the last");
        (await service.StopAsync()).ShouldBe(0);
        await StoredData.ShouldBeIntactAsync(service.DataFolder);

        Task<long> CountAsync(string rows) => StoredData.CountAsync(service.DataFolder, rows);
    }

    [Fact]
    public async Task Schedules_ofTwoProcessesKilledByTurns_makeOneFetchForEachDueTime()
    {
        const int Rounds = 3;
        await using TargetServer target = await TargetServer.StartAsync();
        await using TwoServices both = await TwoServices.CreateAsync();
        await using RestartableService first = await both.StartRestartableAsync(Quiet);
        await using RestartableService second = await both.StartRestartableAsync(Quiet);
        RestartableService[] services = [first, second];
        await AddSchedulesAsync(first.Client, target);
        int cut = 0;
        for (int round = 1; round <= Rounds; round++)
        {
            await both.AskAsync(LetAllBeDue);
            // They would see it by themselves within ten seconds.
            await Task.WhenAll(services.Select(service => AddScheduleAsync(service.Client, target, 0, enabled: false)));
            await UntilSomeRanAsync(round, both.CountAsync);
            RestartableService killed = services[round % 2];
            await killed.KillAsync();
            cut += await ReportAsync(round, both.CountAsync);
            await Task.WhenAll(killed.StartAgainAsync(), ShouldHaveRunOnceEachAsync(round, both.CountAsync));
        }

        cut.ShouldBeGreaterThan(0, "some kill must fall between the first run and the last");
    }

    private static Task AddSchedulesAsync(HttpClient client, TargetServer target) => Parallel.ForAsync(
        0, Schedules, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Token }, async (i, _) => await AddScheduleAsync(client, target, i));

    private static async Task AddScheduleAsync(HttpClient client, TargetServer target, int i, bool enabled = true)
    {
        var schedule = new { cron = Cron, label = $"{i}", enabled, onOverlap = "allow", fetch = new { urls = new[] { target.Url($"ok/{i}") } } };
        using HttpResponseMessage answer = await client.PostAsJsonAsync("/schedules", schedule, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static async Task UntilSomeRanAsync(int round, Func<string, Task<long>> count)
    {
        int moment = ((round - 1) * Schedules) + Random.Shared.Next(1, Schedules / 2);
        await Eventually.Until(async () => await count("jobs") >= moment, text: "some schedules have run");
    }

    /// <summary>1 when the kill fell between the first run and the last.</summary>
    private async Task<int> ReportAsync(int round, Func<string, Task<long>> count)
    {
        long ran = await count("jobs") - ((round - 1) * Schedules);
        output.WriteLine($"round {round}: killed after {ran} of {Schedules} runs");
        return ran < Schedules ? 1 : 0;
    }

    private static async Task ShouldHaveRunOnceEachAsync(int round, Func<string, Task<long>> count)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await Eventually.Until(async () => await count($"schedules where next_run_at <= {now}") == 0, text: "no schedule is due");
        (await count("jobs")).ShouldBe(round * Schedules);
        (await count($"(select label from jobs group by label having count(*) = {round}) as labels")).ShouldBe(Schedules);
        (await count("schedules where enabled and last_job_id not in (select id from jobs)")).ShouldBe(0);
    }
}
