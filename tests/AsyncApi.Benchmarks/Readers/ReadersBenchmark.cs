using System.Globalization;
using System.Text;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Readers;

/// <summary>
/// How late a line of the stream of results is: from the end of the response, as the line itself tells it, to its arrival at a reader,
/// with a thousand readers of the same fetch.
/// </summary>
internal static class ReadersBenchmark
{
    public const string Name = "readers";

    private const int Readers = 1_000;
    private const int UntilAllRead = 8;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(CancellationToken token)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(token);
        late.CancelAfter(Deadline);
        using TempFolder data = new();
        await using FanOut.Target target = await FanOut.Target.StartAsync(late.Token);
        await using ServiceProcess service = await Production.StartAsync(data);
        Console.WriteLine($"\n{Name}: {Readers} readers of one fetch, from the end of a response to the arrival of its line\n");
        Console.WriteLine("| form | load | results/s | p50, ms | p99, ms | max, ms |\n|---|---|--:|--:|--:|--:|");
        foreach (string form in (string[])["application/x-ndjson", "text/event-stream"])
        {
            double full = await MeasureAsync(service, target.Address, form, "full", 0, late.Token);
            await MeasureAsync(service, target.Address, form, "half", full / 2, late.Token);
        }
    }

    /// <summary>The results in a second.</summary>
    private static async Task<double> MeasureAsync(
        ServiceProcess service, Uri target, string form, string load, double rate, CancellationToken token)
    {
        // Some ten seconds for either load, as near as can be known before.
        int requests = rate == 0 ? FanOut.Target.Urls / 2 : (int)Math.Min(FanOut.Target.Urls, rate * 10);
        string id = await SubmitAsync(service, target, requests, rate, token);
        await using StreamReaders readers = await StreamReaders.OpenAsync(service.Address, $"/fetches/{id}/results", form, Readers, token);
        Readings readings = await readers.ReadToEndAsync(requests, token);
        double reached = requests / readings.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {form} | {load} | {reached:0} | {readings.Part(0.5):0.0} | {readings.Part(0.99):0.0} | {readings.Part(1):0.0} |"));
        return reached;
    }

    private static async Task<string> SubmitAsync(ServiceProcess service, Uri target, int requests, double rate, CancellationToken token)
    {
        using StringContent list = new(string.Join("\r\n", FanOut.Target.UrlsOf(target).Take(requests)), Encoding.ASCII, "text/uri-list");
        string path = string.Create(
            CultureInfo.InvariantCulture,
            $"/fetches?concurrency=100&perHost.concurrency=100&perHost.requestsPerSecond={rate:0.###}&storeBodies=false&delaySeconds={UntilAllRead}");
        using HttpResponseMessage answer = await service.Client.PostAsync(new Uri(path, UriKind.Relative), list, token);
        using JsonDocument fetch = await Production.ReadAsync(answer, token);
        return fetch.RootElement.GetProperty("id").GetString()!;
    }
}
