using System.Diagnostics;
using System.Net;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>How the process ends: on one order, on two, by force in the middle of it, and by itself.</summary>
public sealed class StopTests(ITestOutputHelper output)
{
    private const int Terminated = 143;

    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);
    private static readonly Uri Ready = new("/health/ready", UriKind.Relative);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sigterm_whileItStartsOrIdles_endsItWith0()
    {
        Random random = Seeded();
        using TempFolder folder = new();
        foreach (int moment in (int[])[random.Next(300), random.Next(300, 900), random.Next(900, 2_000), random.Next(2_000, 3_500)])
        {
            await using ServiceProcess service = ServiceProcess.Launch(folder.File("data"));
            await Task.Delay(moment, Token);

            int exitCode = await service.StopAsync(StopTime);

            output.WriteLine($"after {moment} ms: {exitCode}");
            // Before the program hears signals, the system ends it.
            if (exitCode != Terminated || service.Output.Length > 0)
            {
                exitCode.ShouldBe(0, service.Output);
            }
        }

        await StoredData.ShouldBeIntactAsync(folder.File("data"));
    }

    [Fact]
    public async Task Sigterm_underRequestsThatHang_cutsThemAloneAndRepeatsNothingThatWasDone()
    {
        Random random = Seeded();
        await using RestartableService service = await RestartableService.StartAsync(settings: Drain(1));
        await using HungFetch fetch = await HungFetch.StartAsync(service);
        for (int stop = 0; stop < 2; stop++)
        {
            Task<HttpResponseMessage> waiting = WaitForAsync(service, fetch.Path);
            await Task.Delay(random.Next(400), Token);

            long start = Stopwatch.GetTimestamp();
            (await service.StopAsync()).ShouldBe(0);
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(StopTime);

            using HttpResponseMessage answer = await waiting;
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("\"running\"");
            File.Exists(Path.Combine(service.DataFolder, "asyncapi.db-wal")).ShouldBeFalse("the log is emptied at the end");
            await service.StartAgainAsync();
        }

        await fetch.ShouldCompleteAsync(service, repeats: false);
    }

    // Not with SIGINT: who starts this in the background of a shell has it ignored.
    [Fact]
    public async Task SecondSigterm_endsItAtOnceAndLosesNothing()
    {
        await using RestartableService service = await RestartableService.StartAsync(settings: Drain(60));
        await using HungFetch fetch = await HungFetch.StartAsync(service);
        service.Life.OrderStop();
        await Eventually.Until(async () => !await ListensAsync(service.Life));
        service.Life.HasExited.ShouldBeFalse();

        long start = Stopwatch.GetTimestamp();
        service.Life.OrderStop();

        (await service.Life.WaitForExitAsync()).ShouldBe(Terminated);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(AtOnce);
        service.Life.Output.ShouldContain("came a second time");
        await service.KillAsync();
        await service.StartAgainAsync();
        await fetch.ShouldCompleteAsync(service, repeats: true);
        await StoredData.ShouldBeIntactAsync(service.DataFolder);
    }

    [Fact]
    public async Task Sigkill_inTheMiddleOfAStop_losesNothing()
    {
        Random random = Seeded();
        await using RestartableService service = await RestartableService.StartAsync();
        await using HungFetch fetch = await HungFetch.StartAsync(service);
        for (int kill = 0; kill < 2; kill++)
        {
            service.Life.OrderStop();
            await Task.Delay(random.Next(500), Token);
            service.Life.HasExited.ShouldBeFalse();

            await service.KillAsync();
            await service.StartAgainAsync();
        }

        await fetch.ShouldCompleteAsync(service, repeats: true);
        await StoredData.ShouldBeIntactAsync(service.DataFolder);
    }

    [Fact]
    public async Task Loop_thatFailsForGood_endsTheProcessWith1AndLosesNothing()
    {
        await using RestartableService service = await RestartableService.StartAsync(settings: Drain(1), startup: typeof(FatalLoop).Assembly);
        await using HungFetch fetch = await HungFetch.StartAsync(service);
        using HttpResponseMessage answer = await service.Client.GetAsync(new Uri("/fatal", UriKind.Relative), Token);

        (await service.Life.WaitForExitAsync(StopTime)).ShouldBe(1);

        service.Life.Output.ShouldContain(FatalLoop.LastWords);
        await service.KillAsync();
        await service.StartAgainAsync();
        await fetch.ShouldCompleteAsync(service, repeats: false);
    }

    [Fact]
    public async Task Loop_thatMeetsAFault_isSeenAndGoesOnByItself()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync();
        await Eventually.Until(() => service.Client.IsReadyAsync());
        await StoredData.ChangeAsync(service.DataFolder, "alter table workers rename to workers_away");

        // The worker, which asks for its row as well, may meet the fault first.
        await Eventually.Until(() => IsTroubledAsync(service.Client, "heartbeat"), TimeSpan.FromSeconds(10));
        await StoredData.ChangeAsync(service.DataFolder, "alter table workers_away rename to workers");
        await Eventually.Until(() => service.Client.IsReadyAsync());
        (await service.Client.UntilOverAsync(await service.Client.SubmitAsync([target.Url("ok/1")]))).Status().ShouldBe("completed");
        (await service.StopAsync()).ShouldBe(0);
    }

    private static Dictionary<string, string> Drain(int seconds) => new() { ["Shutdown:DrainSeconds"] = $"{seconds}" };

    private static async Task<bool> IsTroubledAsync(HttpClient client, string loop)
    {
        using HttpResponseMessage report = await client.GetAsync(Ready, Token);
        return report.StatusCode == HttpStatusCode.ServiceUnavailable && (await report.Content.ReadAsStringAsync(Token)).Contains(loop, StringComparison.Ordinal);
    }

    /// <summary>A long poll: the stop may shorten it, and must not cut it.</summary>
    private static Task<HttpResponseMessage> WaitForAsync(RestartableService service, string fetch)
    {
        HttpRequestMessage question = new(HttpMethod.Get, fetch);
        question.Headers.Add("Prefer", "wait=60");
        return service.Client.SendAsync(question, Token);
    }

    private static async Task<bool> ListensAsync(ServiceProcess service)
    {
        // A client of its own: a connection from before is served to its end.
        using HttpClient fresh = new() { BaseAddress = service.Address };
        try
        {
            using HttpResponseMessage answer = await fresh.GetAsync(Ready, Token);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Random Seeded()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
