using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AsyncApi.Benchmarks.FanOut;
using AsyncApi.Benchmarks.Web;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.LoadTests;

/// <summary>How much load a load test makes: the service and wrk take turns on one processor, at the same target on the other.</summary>
internal static class LoadTestBenchmark
{
    public const string Name = "load-tests";

    private const int Connections = 50;
    private const int Seconds = 5;

    public static async Task RunAsync(int rounds, CancellationToken token)
    {
        Console.WriteLine($"\n{Name}: {Connections} connections, rounds of {Seconds} s, {rounds} of them after one to warm up");
        await using Target target = await Target.StartAsync(token);
        Uri url = Target.UrlsOf(target.Address).First();
        using TempFolder data = new();
        await using ServiceProcess service = await Production.StartAsync(
            data, settings: [new("LoadTests:Enabled", "true"), new("LoadTests:AllowedHosts:0", url.Authority)]);
        List<Round> measured = [];
        for (int round = 0; round <= rounds; round++)
        {
            Round result = await RunAsync(service, url, token);
            if (round > 0)
            {
                measured.Add(result);
                Console.WriteLine($"round {round}: {result}");
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""

            | medians | requests/s | p50, ms | p99, ms | processor, µs a request |
            |---|--:|--:|--:|--:|
            | AsyncApi | {measured.Median(round => round.Own):N0} | {measured.Median(round => round.Half):0.00} | {measured.Median(round => round.Late):0.00} | {measured.Median(round => round.Processor):0.0} |
            | wrk | {measured.Median(round => round.Wrk.RequestsPerSecond):N0} | | {measured.Median(round => round.Wrk.Milliseconds99):0.00} | |

            {measured.Median(round => round.Own / round.Wrk.RequestsPerSecond):0.00} of what wrk does.
            """));
    }

    private static async Task<Round> RunAsync(ServiceProcess service, Uri url, CancellationToken token)
    {
        TimeSpan before = ProcessUsage.Processor(service.ProcessId);
        using HttpRequestMessage request = new(HttpMethod.Post, "/load-tests")
        {
            Headers = { { "Prefer", "wait=30" } },
            Content = JsonContent.Create(new { url, concurrency = Connections, durationSeconds = Seconds }),
        };
        using HttpResponseMessage answer = await service.Client.SendAsync(request, token);
        using JsonDocument test = await Production.ReadAsync(answer, token);
        TimeSpan processor = ProcessUsage.Processor(service.ProcessId) - before;
        JsonElement figures = test.RootElement;
        if (figures.GetProperty("failed").GetInt64() > 0)
        {
            throw new InvalidOperationException($"Requests failed: the figures would be of something else.\n{figures}");
        }

        JsonElement latency = figures.GetProperty("latencyMs");
        return new Round(
            figures.GetProperty("requestsPerSecond").GetDouble(),
            latency.GetProperty("p50").GetDouble(),
            latency.GetProperty("p99").GetDouble(),
            processor.TotalMicroseconds / figures.GetProperty("requests").GetInt64(),
            await Wrk.MeasureAsync(url, Connections, Seconds, token));
    }

    private sealed record Round(double Own, double Half, double Late, double Processor, WebRound Wrk)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Own:N0} requests/s (p99 {Late:0.00} ms), wrk {Wrk.RequestsPerSecond:N0} ({Wrk.Milliseconds99:0.00})");
    }
}
