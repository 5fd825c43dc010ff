using System.Diagnostics;
using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;

namespace AsyncApi.CrashTests;

/// <summary>What becomes of jobs when the process ends under them, by force or on request.</summary>
public sealed class RestartTests
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan ReadyTime = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Posts_killedRightAfterTheir202_allRun()
    {
        await using Gate gate = await Gate.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync();
        string[] fetches = await Task.WhenAll(Enumerable.Range(0, 20).Select(post =>
            service.Client.SubmitAsync(Enumerable.Range(0, 3).Select(i => gate.Target.Url($"gate/{post}/{i}")))));
        await service.KillAsync();

        gate.Open();
        await service.StartAgainAsync();

        foreach (string fetch in fetches)
        {
            JsonElement over = await service.Client.UntilOverAsync(fetch);
            over.Status().ShouldBe("completed");
            over.Count("succeeded").ShouldBe(3);
        }

        gate.Target.AllHits.Count.ShouldBe(60);
    }

    [Fact]
    public async Task Fetch_stoppedBySigterm_goesOnWithoutSendingAnythingTwice()
    {
        const int requests = 1_000;
        await using TargetServer target = await TargetServer.StartAsync(Late);
        await using RestartableService service = await RestartableService.StartAsync();
        string fetch = await service.Client.SubmitAsync(
            Enumerable.Range(0, requests).Select(i => target.Url($"late/{i}")), "?concurrency=50&perHost.concurrency=50");
        ResumingReader reader = new(fetch);
        Task<bool> reading = reader.FollowAsync(service.Client);
        await Eventually.Until(() => target.TotalHits > requests / 4);

        long start = Stopwatch.GetTimestamp();
        (await service.StopAsync()).ShouldBe(0);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(StopTime);

        (await reading).ShouldBeFalse();
        int sent = target.TotalHits;
        sent.ShouldBeLessThan(requests);
        await service.StartAgainAsync();
        (await reader.FollowAsync(service.Client)).ShouldBeTrue();
        reader.Results.Select(result => result.GetProperty("index").GetInt32()).Order().ShouldBe(Enumerable.Range(0, requests));
        reader.Results.ShouldAllBe(result => result.GetProperty("outcome").GetString() == "succeeded");
        // What was in flight was given the time to end and was written down, so nothing at all is sent again.
        target.AllHits.Count.ShouldBe(requests);
        target.TotalHits.ShouldBe(requests);
    }

    [Fact]
    public async Task Stop_whileATargetHangs_cutsItAndGoesOnAfterTheNextStart()
    {
        await using Gate gate = await Gate.StartAsync();
        Dictionary<string, string> settings = new() { ["Shutdown:DrainSeconds"] = "1" };
        await using RestartableService service = await RestartableService.StartAsync(settings: settings);
        string fetch = await service.Client.SubmitAsync(
            Enumerable.Range(0, 5).Select(i => gate.Target.Url($"ok/{i}")).Append(gate.Target.Url("gate/1")));
        await Eventually.Until(async () => gate.Target.Running == 1 && (await service.Client.ReadAsync(fetch)).Count("succeeded") == 5);

        long start = Stopwatch.GetTimestamp();
        (await service.StopAsync()).ShouldBe(0);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(StopTime);

        gate.Open();
        await service.StartAgainAsync();
        (await service.Client.UntilOverAsync(fetch)).Count("succeeded").ShouldBe(6);
        gate.Target.Hits("/gate/1").ShouldBe(2);
        gate.Target.TotalHits.ShouldBe(7);
    }

    [Fact]
    public async Task SecondProcess_onTheSameFolder_exitsAndNamesIt()
    {
        await using RestartableService service = await RestartableService.StartAsync();

        (int exitCode, string output) = await ServiceProcess.RunToExitAsync(service.DataFolder);

        exitCode.ShouldNotBe(0);
        output.ShouldContain(service.DataFolder);
        output.ShouldContain("in use by another process");
        (await service.Client.ReadAsync("/health/live")).Status().ShouldBe("ok");
    }

    [Fact]
    public async Task Cancel_killedRightAfterItsAnswer_holds()
    {
        await using Gate gate = await Gate.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync();
        string fetch = await service.Client.SubmitAsync(
            Enumerable.Range(0, 200).Select(i => gate.Target.Url(i < 30 ? $"ok/{i}" : $"gate/{i}")), "?concurrency=50&perHost.concurrency=50");
        await Eventually.Until(async () => gate.Target.Running == 50 && (await service.Client.ReadAsync(fetch)).Count("succeeded") == 30);

        await service.Client.CancelAsync(fetch);
        await service.KillAsync();
        int sent = gate.Target.TotalHits;
        gate.Open();
        await service.StartAgainAsync();

        JsonElement over = await service.Client.UntilOverAsync(fetch);
        over.Status().ShouldBe("cancelled");
        over.ShouldAddUp();
        (over.Count("succeeded"), over.Count("cancelled")).ShouldBe((30, 170));
        ResumingReader results = await service.Client.ReadAllAsync(fetch);
        results.Results.Select(result => result.GetProperty("index").GetInt32()).Order().ShouldBe(Enumerable.Range(0, 200));
        results.End!.Value.Status().ShouldBe("cancelled");
        gate.Target.TotalHits.ShouldBe(sent);
    }

    [Fact]
    public async Task Fetch_killedWhileItIsGivenUp_hasAResultForEachRequest()
    {
        const int requests = 200;
        await using Gate gate = await Gate.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync();
        string fetch = await service.Client.SubmitAsync(Enumerable.Range(0, requests).Select(i => gate.Target.Url($"gate/{i}")));
        await Eventually.Until(() => gate.Target.Running > 0);
        await service.KillAsync();
        // As if it had been given up when the process was killed: this death is one more than lets a job run again.
        await StoredData.ChangeAsync(service.DataFolder, "update jobs set crashes = 3 where owner is not null");
        await service.StartAgainAsync();

        JsonElement over = await service.Client.UntilOverAsync(fetch);

        over.Status().ShouldBe("failed");
        over.Count("cancelled").ShouldBe(requests);
        (await service.Client.ReadAllAsync(fetch)).Results.Select(result => result.GetProperty("index").GetInt32()).Order()
            .ShouldBe(Enumerable.Range(0, requests));
    }

    [Fact]
    public async Task Job_underWhichTheProcessDiesThreeTimes_fails()
    {
        await using Gate gate = await Gate.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync();
        string fetch = await service.Client.SubmitAsync([gate.Target.Url("gate/1"), gate.Target.Url("gate/2")], "?concurrency=1");
        for (int death = 1; death <= 3; death++)
        {
            await Eventually.Until(() => gate.Target.TotalHits == death);
            await service.KillAsync();
            long start = Stopwatch.GetTimestamp();
            await service.StartAgainAsync();
            await Eventually.Until(() => service.Client.IsReadyAsync());
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(ReadyTime);
        }

        JsonElement over = await service.Client.UntilOverAsync(fetch);
        over.Status().ShouldBe("failed");
        over.GetProperty("error").GetString().ShouldNotBeNull().ShouldContain("3 times");
        over.ShouldAddUp();
        gate.Target.TotalHits.ShouldBe(3);
        // It is over, so each of its requests has its result, as those of every other fetch.
        over.Count("pending").ShouldBe(0);
        ResumingReader results = await service.Client.ReadAllAsync(fetch);
        results.Results.Select(result => result.GetProperty("reason").GetString()).ShouldBe(["stopped", "stopped"]);
        results.End!.Value.Status().ShouldBe("failed");
        (await service.Client.UntilOverAsync(await service.Client.SubmitAsync([gate.Target.Url("ok/1")]))).Status().ShouldBe("completed");
    }

    private static void Late(WebApplication app) => app.Map("/late/{i}", async context =>
    {
        await Task.Delay(100, context.RequestAborted);
        await context.Response.Body.FlushAsync(Token);
    });
}
