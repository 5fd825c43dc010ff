using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
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

    [Fact]
    public async Task Sigterm_whileReadersAreBehind_endsTheirStreamsInOrder()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync();
        // More than a connection's buffers hold, so that the service waits for both readers.
        string padding = new('x', 2_000);
        string fetch = await service.Client.SubmitAsync(Enumerable.Range(0, 4_000).Select(i => target.Url($"ok/{i}?{padding}")));
        (await service.Client.UntilOverAsync(fetch)).Status().ShouldBe("completed");
        using Socket slow = await BeginAsync(service.Client.BaseAddress!, fetch);
        using Socket stuck = await BeginAsync(service.Client.BaseAddress!, fetch);
        await UntilFullAsync(slow, stuck);

        long start = Stopwatch.GetTimestamp();
        Task<int> stop = service.StopAsync();
        string rest = await ReadToEndAsync(slow);

        (await stop).ShouldBe(0);
        // The one who does not read at all is not waited for until the host gives up, which is 20 s.
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        // A whole line, then HTTP's own end; no end record, since it was not the end.
        rest.ShouldEndWith("}\n\r\n0\r\n\r\n");
        rest.ShouldNotContain("\"end\":true");
    }

    /// <summary>A reader of a fetch's results that has read the headers.</summary>
    private static async Task<Socket> BeginAsync(Uri service, string fetch)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        await socket.ConnectAsync(service.Host, service.Port, Token);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET {fetch}/results HTTP/1.1\r\nHost: {service.Authority}\r\nAccept: application/x-ndjson\r\n\r\n"), Token);
        byte[] first = new byte[12];
        await using NetworkStream stream = new(socket);
        await stream.ReadExactlyAsync(first, Token);
        Encoding.ASCII.GetString(first).ShouldBe("HTTP/1.1 200");
        return socket;
    }

    // When nothing more comes for a while although there is more, the service waits for its readers.
    private static Task UntilFullAsync(params Socket[] readers)
    {
        const int Looks = 50;
        int[] before = [];
        int unchanged = 0;
        return Eventually.Until(() =>
        {
            int[] now = [.. readers.Select(static reader => reader.Available)];
            unchanged = now.All(static bytes => bytes > 0) && now.SequenceEqual(before) ? unchanged + 1 : 0;
            before = now;
            return unchanged == Looks;
        });
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        await using NetworkStream stream = new(socket);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(Token);
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
