using System.Diagnostics;
using System.Text.RegularExpressions;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>A process that stands still for longer than its lease, as on a machine that is paused, and then goes on as if nothing were.</summary>
[Collection(Lane.Waiting)]
public sealed partial class FrozenServiceTests(ITestOutputHelper output)
{
    private const int Fetches = 2;

    // No limit of the server's own ends a transaction in the middle of a COPY, and this one holds its job's row.
    private const string Copying = "select count(*) from pg_stat_activity where backend_xid is not null and state = 'active' and wait_event = 'ClientRead'";

    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task Work_ofAFrozenProcess_isTakenOver_andNothingItTriesLaterIsAccepted()
    {
        await using TwoServices both = await TwoServices.CreateAsync();
        await using LateAnswers answers = await LateAnswers.StartAsync();
        ServiceProcess first = await both.StartServiceAsync();
        string[] fetches = [await answers.SubmitAsync(first), await answers.SubmitAsync(first)];
        await Eventually.Until(async () => (await both.AskAsync("select owner from jobs where owner is not null")).Length == Fetches);
        string former = (await both.AskAsync("select distinct owner from jobs")).ShouldHaveSingleItem();
        ServiceProcess second = await both.StartServiceAsync();
        answers.Begin();
        await Eventually.Until(() => answers.Target.TotalHits > LateAnswers.Requests / 4);

        IDisposable frozen = await FreezeInACopyAsync(both, first);
        long began = Stopwatch.GetTimestamp();
        await Eventually.Until(() => answers.Target.Running == 0);
        int sent = answers.Target.TotalHits;
        sent.ShouldBeLessThan(Fetches * LateAnswers.Requests, "the fetches must not be over yet");
        await Eventually.Until(() => answers.Target.TotalHits > sent, Promise, "the other process takes the work over");
        await Eventually.Until(async () => (await both.AskAsync($"select 1 from jobs where owner is null or owner = '{former}'")).Length == 0);
        TimeSpan taken = Stopwatch.GetElapsedTime(began);
        output.WriteLine($"all taken over after {taken.TotalSeconds:0.0} s, {sent} were sent before");
        taken.ShouldBeLessThan(Promise);
        frozen.Dispose();

        foreach (string fetch in fetches)
        {
            (await second.Client.UntilOverAsync(fetch)).Status().ShouldBe("completed");
            await answers.ShouldBeWholeAsync(second, fetch);
        }

        output.WriteLine($"{answers.Target.TotalHits - (Fetches * LateAnswers.Requests)} requests were sent again");
        (await both.AskAsync("select attempts from jobs")).ShouldBe(["2", "2"]);
        Ends(first).ShouldBe(0);
        Ends(second).ShouldBe(Fetches);
        await ShouldGoOnUnderANewIdAsync(both, first, former);
    }

    private static async Task<IDisposable> FreezeInACopyAsync(TwoServices both, ServiceProcess service)
    {
        while (true)
        {
            IDisposable frozen = service.Freeze();
            if ((await both.AskAsync(Copying)).Single() != "0")
            {
                return frozen;
            }

            frozen.Dispose();
            await Task.Delay(Random.Shared.Next(5, 50), TestContext.Current.CancellationToken);
        }
    }

    private static int Ends(ServiceProcess service) => JobEnded().Count(service.Output);

    private static async Task ShouldGoOnUnderANewIdAsync(TwoServices both, ServiceProcess service, string former)
    {
        await Eventually.Until(async () => (await both.AskAsync("select id from workers")).Length == 2);
        (await both.AskAsync("select id from workers")).ShouldNotContain(former);
        await Eventually.Until(() => Noticed().IsMatch(service.Output));
        await using TargetServer target = await TargetServer.StartAsync();
        string fetch = await service.Client.SubmitAsync([target.Url("ok/1")]);
        (await service.Client.UntilOverAsync(fetch)).Count("succeeded").ShouldBe(1);
        (await service.Client.ReadAsync("/health/ready")).Status().ShouldBe("ok");
    }

    // The second when it was frozen in the middle of a heartbeat, which then failed for having taken too long.
    [GeneratedRegex("given up for dead|could not be told that this worker is alive", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Noticed();

    [GeneratedRegex("Job of kind .* ended at attempt .*: completed", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex JobEnded();
}
