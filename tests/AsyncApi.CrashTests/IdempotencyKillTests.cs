using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>A client that lost its answer to a kill sends the same key again, and has one job for it.</summary>
public sealed class IdempotencyKillTests(ITestOutputHelper output)
{
    private const int Kills = 6;
    private const int Clients = 32;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Posts_killedBetweenCommitAndAnswer_areReplayed()
    {
        await using Gate gate = await Gate.StartAsync();
        // One runs and stays: the others only have to be there.
        await using RestartableService service = await RestartableService.StartAsync(settings: new Dictionary<string, string> { ["Jobs:MaxRunning"] = "1" });
        ConcurrentDictionary<string, string?> answers = new();
        for (int kill = 0; kill < Kills; kill++)
        {
            int before = answers.Values.Count(location => location is not null);
            Task[] posting = [.. Enumerable.Range(0, Clients).Select(client => PostUntilKilledAsync(service.Client, gate, $"{kill}-{client}", answers))];
            await Eventually.Until(() => answers.Values.Count(location => location is not null) > before + 50);
            await service.KillAsync();
            await Task.WhenAll(posting);
            await service.StartAgainAsync();
        }

        string[] unanswered = [.. answers.Where(pair => pair.Value is null).Select(pair => pair.Key)];
        int replayed = 0;
        foreach ((string key, string? location) in answers.ToArray())
        {
            (string again, bool isReplay) = (await PostAsync(service.Client, gate, key))!.Value;
            again.ShouldBe(location ?? again);
            (isReplay || location is null).ShouldBeTrue("what was answered is kept");
            replayed += isReplay ? 1 : 0;
            answers[key] = again;
        }

        output.WriteLine($"{answers.Count} keys, {unanswered.Length} lost their answer, {replayed - (answers.Count - unanswered.Length)} of those were committed");
        answers.Values.Distinct().Count().ShouldBe(answers.Count);
        (await CountJobsAsync(service.Client)).ShouldBe(answers.Count);
    }

    private static async Task PostUntilKilledAsync(HttpClient client, Gate gate, string name, ConcurrentDictionary<string, string?> answers)
    {
        for (int i = 0; ; i++)
        {
            string key = $"{name}-{i}";
            answers[key] = null;
            if (await PostAsync(client, gate, key) is not { } answer)
            {
                return;
            }

            answers[key] = answer.Location;
        }
    }

    /// <summary>Null when the service was killed under it.</summary>
    private static async Task<(string Location, bool IsReplay)?> PostAsync(HttpClient client, Gate gate, string key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/fetches");
        request.Content = new StringContent(gate.Target.Url("gate/" + key), Encoding.UTF8, new MediaTypeHeaderValue("text/uri-list"));
        request.Headers.Add("Idempotency-Key", key);
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            return (answer.Headers.Location!.OriginalString, answer.Headers.Contains("Idempotency-Replayed"));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<int> CountJobsAsync(HttpClient client)
    {
        int count = 0;
        string? cursor = null;
        do
        {
            System.Text.Json.JsonElement page = await client.ReadAsync("/jobs?limit=1000" + (cursor is null ? "" : "&cursor=" + cursor));
            count += page.GetProperty("items").GetArrayLength();
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        return count;
    }
}
