using System.Diagnostics;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>What becomes of the work of a process that dies, while another has the same database.</summary>
[Collection(Lane.Waiting)]
public sealed class KilledServiceTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task Fetch_ofAKilledProcess_isTakenOverByTheOther()
    {
        await using TwoServices both = await TwoServices.CreateAsync();
        await using LateAnswers answers = await LateAnswers.StartAsync();
        ServiceProcess first = await both.StartServiceAsync();
        string fetch = await answers.SubmitAsync(first);
        await Eventually.Until(() => answers.Target.TotalHits > 0);
        ServiceProcess second = await both.StartServiceAsync();
        answers.Begin();
        await Eventually.Until(() => answers.Target.TotalHits > LateAnswers.Requests / 4);

        await first.KillAsync();
        long killed = Stopwatch.GetTimestamp();
        (int sent, int unwritten) = await answers.CountUnwrittenAsync(second, fetch);
        await Eventually.Until(() => answers.Target.TotalHits > sent, Promise, "the other process takes the fetch over");
        output.WriteLine($"taken over after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s, {sent} were sent before");

        (await second.Client.UntilOverAsync(fetch)).GetProperty("finishedAt").GetString().ShouldNotBeNull();
        await answers.ShouldBeWholeAsync(second, fetch);
        output.WriteLine($"{answers.Repeats} requests were sent again");
        answers.Repeats.ShouldBeLessThanOrEqualTo(unwritten);
    }
}
