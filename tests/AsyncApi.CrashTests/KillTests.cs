using System.Globalization;
using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.CrashTests;

/// <summary>The promise of the README: kill -9 at any moment loses no result, repeats none, and sends again only what was in flight.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Requests = 5_000;
    private const int Kills = 10;
    private const int Concurrency = 100;
    private const int LargeEach = 50;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fetch_killedTenTimes_givesEveryResultOnce()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/slow/{i:int}", AnswerLateAsync));
        await using RestartableService service = await RestartableService.StartAsync();
        string fetch = await service.Client.SubmitAsync(
            Enumerable.Range(0, Requests).Select(i => target.Url($"slow/{i}")), $"?concurrency={Concurrency}&perHost.concurrency={Concurrency}");
        ResumingReader reader = new(fetch);

        for (int kill = 0; kill < Kills; kill++)
        {
            // The fetch's own progress is the clock, so that every kill falls into it however slow the machine is.
            int moment = ((kill * Requests) + random.Next(Requests / 4, Requests)) / (Kills + 1);
            Task<bool> reading = reader.FollowAsync(service.Client);
            await Eventually.Until(() => target.AllHits.Count >= moment);
            await Task.Delay(random.Next(20), Token);
            await service.KillAsync();
            (await reading).ShouldBeFalse("the fetch must not be over yet");
            output.WriteLine($"kill {kill + 1}: {target.AllHits.Count} of {Requests} sent, {reader.Lines.Count} results read");

            IReadOnlyDictionary<int, int> recorded = HitsOfRecorded(reader, target);
            await service.StartAgainAsync();
            await ShouldShowAsBeforeAsync(service, reader);
            HitsOfRecorded(reader, target).ShouldBe(recorded);
        }

        IReadOnlyDictionary<int, int> final = HitsOfRecorded(reader, target);
        int seen = reader.Lines.Count;
        (await reader.FollowAsync(service.Client)).ShouldBeTrue();
        HitsOfRecorded(reader, target, seen).ShouldBe(final);

        await ShouldBeWholeAsync(service, reader);
        ShouldHaveBeenSent(target);
        (await service.StopAsync()).ShouldBe(0);
        await StoredData.ShouldBeIntactAsync(service.DataFolder);
        Directory.EnumerateFiles(Path.Combine(service.DataFolder, "spool")).ShouldBeEmpty();
    }

    private static async Task AnswerLateAsync(HttpContext context)
    {
        int number = int.Parse((string)context.Request.RouteValues["i"]!, CultureInfo.InvariantCulture);
        await Task.Delay(50 + (number * 37 % 200), context.RequestAborted);
        await context.Response.WriteAsync(AnswerOf(number), context.RequestAborted);
    }

    /// <summary>One in fifty is too large for a row and lies in a file.</summary>
    private static string AnswerOf(int number) => $"answer {number}" + new string('.', number % LargeEach == 0 ? 100_000 : 0);

    /// <summary>How often the target was asked for what the reader has a result of: a number that never grows any more.</summary>
    private static Dictionary<int, int> HitsOfRecorded(ResumingReader reader, TargetServer target, int? count = null) =>
        reader.Results.Take(count ?? reader.Lines.Count)
            .Select(result => result.GetProperty("index").GetInt32())
            .ToDictionary(index => index, index => target.Hits($"/slow/{index}"));

    private static async Task ShouldShowAsBeforeAsync(RestartableService service, ResumingReader reader)
    {
        List<string> again = [];
        while (again.Count < reader.Lines.Count)
        {
            string path = $"{reader.Fetch}/results?limit=1000&after={again.Count}";
            JsonElement page = await service.Client.ReadAsync(path);
            again.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()));
        }

        again.Take(reader.Lines.Count).ShouldBe(reader.Lines);
    }

    private static async Task ShouldBeWholeAsync(RestartableService service, ResumingReader reader)
    {
        reader.Results.Select(result => result.GetProperty("index").GetInt32()).Order().ShouldBe(Enumerable.Range(0, Requests));
        reader.Results.ShouldAllBe(result => result.GetProperty("outcome").GetString() == "succeeded");
        (await service.Client.ReadAllAsync(reader.Fetch)).Lines.ShouldBe(reader.Lines);
        JsonElement end = reader.End!.Value;
        end.Status().ShouldBe("completed");
        end.Count("succeeded").ShouldBe(Requests);
        JsonElement over = await service.Client.ReadAsync(reader.Fetch);
        over.Status().ShouldBe("completed");
        over.Count("succeeded").ShouldBe(Requests);
        over.ShouldAddUp();
        for (int index = 0; index < Requests; index += LargeEach / 2)
        {
            (await service.Client.GetStringAsync(new Uri($"{reader.Fetch}/results/{index}/body", UriKind.Relative), Token)).ShouldBe(AnswerOf(index));
        }
    }

    private void ShouldHaveBeenSent(TargetServer target)
    {
        target.AllHits.Count.ShouldBe(Requests);
        int repeats = target.TotalHits - Requests;
        output.WriteLine($"{repeats} requests were sent again");
        // In flight is what has no answer, at most the concurrency, and what has one that was on its way to the disk: at this
        // target's pace far less than as much again.
        repeats.ShouldBeLessThanOrEqualTo(Kills * 2 * Concurrency);
    }
}
