using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>SIGTERM at any moment: short answers are whole, every accepted job is there afterwards, and the process ends in time with 0.</summary>
public sealed class SigtermTests(ITestOutputHelper output)
{
    private const int Stops = 5;
    private const int Clients = 8;

    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(25);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sigterm_atAnyMoment_losesNoAcceptedJobAndCutsNoAnswer()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        await using TargetServer target = await TargetServer.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync();
        List<string> accepted = [];
        for (int stop = 0; stop < Stops; stop++)
        {
            Task<List<string>>[] posting = [.. Enumerable.Range(0, Clients).Select(_ => PostUntilRefusedAsync(service.Client, target))];
            using HttpResponseMessage events = await service.Client.GetAsync(
                new Uri("/jobs/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
            Task<string> heard = events.Content.ReadAsStringAsync(Token);
            await Task.Delay(random.Next(50, 1_500), Token);

            long start = Stopwatch.GetTimestamp();
            (await service.StopAsync()).ShouldBe(0);
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            took.ShouldBeLessThan(StopTime);
            (await heard).ShouldEndWith("\n\n");
            accepted.AddRange((await Task.WhenAll(posting)).SelectMany(paths => paths));
            output.WriteLine($"stop {stop + 1} took {took.TotalMilliseconds:0} ms, {accepted.Count} accepted");
            await service.StartAgainAsync();
        }

        accepted.ShouldNotBeEmpty();
        foreach (string fetch in accepted)
        {
            (await service.Client.UntilOverAsync(fetch)).Status().ShouldBe("completed");
        }
    }

    /// <summary>The paths of what was accepted. An answer that was begun must be whole.</summary>
    private static async Task<List<string>> PostUntilRefusedAsync(HttpClient client, TargetServer target)
    {
        List<string> paths = [];
        while (true)
        {
            using StringContent body = new(target.Url("delay/20"), Encoding.UTF8, "text/uri-list");
            HttpResponseMessage answer;
            try
            {
                answer = await client.PostAsync(new Uri("/fetches", UriKind.Relative), body, Token);
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded or HttpRequestError.Unknown)
            {
                return paths;
            }

            using (answer)
            {
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    return paths;
                }

                answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
                JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).Dispose();
                paths.Add(answer.Headers.Location!.OriginalString);
            }
        }
    }
}
