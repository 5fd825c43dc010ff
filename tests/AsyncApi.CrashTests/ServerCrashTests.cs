using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>PostgreSQL is stopped "immediate", which is a crash, while clients post: what they were told is true afterwards.</summary>
public sealed class ServerCrashTests(ITestOutputHelper output)
{
    private const int Crashes = 4;
    private const int Clients = 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_acknowledgedBeforeTheServerCrashed_areAllDone()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using TwoServices one = await TwoServices.CreateAsync();
        ServiceProcess service = await one.StartServiceAsync();
        ConcurrentQueue<string> acknowledged = new();
        for (int crash = 1; crash <= Crashes; crash++)
        {
            using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
            Task[] posting = [.. Enumerable.Range(0, Clients).Select(_ => PostAsync(service.Client, target, acknowledged, enough.Token))];
            int more = acknowledged.Count + Random.Shared.Next(50, 150);
            await Eventually.Until(() => acknowledged.Count > more);
            await one.Server.StopServerAsync();
            await one.Server.StartServerAsync();
            int before = acknowledged.Count;
            await Eventually.Until(() => acknowledged.Count > before);
            await enough.CancelAsync();
            await Task.WhenAll(posting);
            output.WriteLine($"crash {crash}: {acknowledged.Count} acknowledged");
        }

        foreach (string fetch in acknowledged)
        {
            (await service.Client.UntilOverAsync(fetch)).Count("succeeded").ShouldBe(1);
        }
    }

    private static async Task PostAsync(HttpClient client, TargetServer target, ConcurrentQueue<string> acknowledged, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            using StringContent url = new(target.Url("ok/1"), Encoding.UTF8, new MediaTypeHeaderValue("text/uri-list"));
            using HttpResponseMessage answer = await client.PostAsync(new Uri("/fetches", UriKind.Relative), url, Token);
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                acknowledged.Enqueue(answer.Headers.Location!.OriginalString);
            }
            else
            {
                answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
                await Task.Delay(TimeSpan.FromMilliseconds(20), Token);
            }
        }
    }
}
