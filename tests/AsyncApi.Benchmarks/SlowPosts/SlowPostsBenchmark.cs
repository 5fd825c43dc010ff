using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.SlowPosts;

/// <summary>What two thousand posts that dribble in at once cost other requests, and how soon those are rid of that are too slow.</summary>
internal static class SlowPostsBenchmark
{
    public const string Name = "slow-posts";

    private const int Clients = 2_000;
    private const int Seconds = 8;
    private const int RequestsPerSecond = 200;

    // Two thousand new connections at once are a burst of their own; what is measured is that they are there.
    private const int Arriving = 2;

    // The server's least rate is 240 bytes a second.
    private const int SlowEnough = 400;
    private const int TooSlow = 30;

    public static async Task RunAsync(int rounds, CancellationToken token)
    {
        Console.WriteLine($"\n{Name}: {RequestsPerSecond} requests a second, alone and beside {Clients} posts of {SlowEnough} bytes a second; {rounds} rounds of {Seconds} s each\n");
        using TempFolder data = new();
        await using ServiceProcess service = await Production.StartAsync(data);
        using HttpResponseMessage item = await service.Client.PostAsJsonAsync("items", new { data = "The quick brown fox jumps over the lazy dog." }, token);
        item.EnsureSuccessStatusCode();
        // Until the hot code is optimised.
        await SteadyRequests.RunAsync(service.Client, RequestsPerSecond * 5, Seconds, token);

        Console.WriteLine("| | p50, ms | p99, ms | max, ms | threads | memory, MiB |\n|---|--:|--:|--:|--:|--:|");
        List<double> ratios = [];
        for (int round = 0; round < rounds; round++)
        {
            double[] quiet = await SteadyRequests.RunAsync(service.Client, RequestsPerSecond, Seconds, token);
            Print("quiet", quiet, service);
            double[] beside = await BesideAsync(service, token);
            ratios.Add(Part(beside, 0.99) / Part(quiet, 0.99));
        }

        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\np99 beside slow posts / p99 quiet: {Part(ratios, 0.5):0.00} (median of {string.Join(", ", ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture)))})"));
        await RefuseAsync(service, token);
    }

    private static async Task<double[]> BesideAsync(ServiceProcess service, CancellationToken token)
    {
        using SlowClients slow = await SlowClients.BeginAsync(service.Address, Clients, SlowEnough, Seconds + Arriving, token);
        Task dribbling = slow.DribbleAsync(Seconds + Arriving, token);
        await Task.Delay(TimeSpan.FromSeconds(Arriving), TimeProvider.System, token);
        double[] beside = await SteadyRequests.RunAsync(service.Client, RequestsPerSecond, Seconds, token);
        Print($"beside {Clients} slow posts", beside, service);
        await dribbling;
        int answered = (await slow.StatusesAsync(token)).Count(status => status == 200);
        return answered == Clients ? beside : throw new InvalidOperationException($"{answered} of {Clients} slow posts were answered.");
    }

    private static async Task RefuseAsync(ServiceProcess service, CancellationToken token)
    {
        using SlowClients slow = await SlowClients.BeginAsync(service.Address, Clients, TooSlow, seconds: 60, token);
        Stopwatch clock = Stopwatch.StartNew();
        Task dribbling = slow.DribbleAsync(seconds: 15, token);
        int refused = (await slow.StatusesAsync(token)).Count(status => status == 408);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Clients} posts of {TooSlow} bytes a second: {refused} refused with 408, the last after {clock.Elapsed.TotalSeconds:0.0} s"));
        await dribbling;
    }

    private static void Print(string load, double[] latencies, ServiceProcess service)
    {
        using Process process = Process.GetProcessById(service.ProcessId);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {load} | {Part(latencies, 0.5):0.00} | {Part(latencies, 0.99):0.00} | {latencies[^1]:0.0} | {process.Threads.Count} | {process.WorkingSet64 / 1048576} |"));
    }

    /// <summary>What this part of them did not exceed.</summary>
    private static double Part(IReadOnlyList<double> sorted, double part) => sorted[(int)((sorted.Count - 1) * part)];
}
