using System.Globalization;
using System.Text;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Readers;

/// <summary>
/// How late a line of the stream of results is, with a thousand readers of the same fetch: from the end of the response, as the line itself
/// tells it, until it has left the service and until its reader has read it.
/// </summary>
internal static class ReadersBenchmark
{
    public const string Name = "readers";

    private const int Readers = 1_000;
    private const int UntilAllRead = 5;
    private const int Steady = 1_000;
    private const int WarmRounds = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(12);

    public static async Task RunAsync(CancellationToken token)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(token);
        late.CancelAfter(Deadline);
        await using FanOut.Target target = await FanOut.Target.StartAsync(late.Token);
        await MeasureServiceAsync(target.Address, Machine.MeasuredCore, late.Token);
        await MeasureServiceAsync(target.Address, core: null, late.Token);
    }

    private static async Task MeasureServiceAsync(Uri target, int? core, CancellationToken token)
    {
        using TempFolder data = new();
        await using ServiceProcess service = await Production.StartAsync(data, core);
        Console.WriteLine(
            $"""

            {Name}, the service on {(core is null ? "all processors" : "one processor")}: {Readers} readers of one fetch; milliseconds from the end of a response until its line had left the service, and was read

            | form | load | results/s | left: p50 | p99 | max | read: p50 | p99 | max | service, % of its processor | readers, % of theirs |
            |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """);
        foreach (string form in (string[])["application/x-ndjson", "text/event-stream"])
        {
            double warm = await MeasureAsync(service, target, form, "to warm up", 0, token);
            // Until hot code is compiled for good, which takes a single processor a minute.
            for (int i = 0; i < WarmRounds; i++)
                await MeasureAsync(service, target, form, "to warm up", warm / 2, token);
            double full = await MeasureAsync(service, target, form, "full", 0, token);
            await MeasureAsync(service, target, form, "half", full / 2, token);
            await MeasureAsync(service, target, form, "steady", Steady, token);
        }
    }

    /// <summary>The results in a second.</summary>
    private static async Task<double> MeasureAsync(
        ServiceProcess service, Uri target, string form, string load, double rate, CancellationToken token)
    {
        // Some ten seconds for each load but the full one, as near as can be known before.
        int requests = rate == 0 ? FanOut.Target.Urls / 2 : (int)Math.Min(FanOut.Target.Urls, rate * 10);
        string id = await SubmitAsync(service, target, requests, rate, token);
        await using StreamReaders readers = await StreamReaders.OpenAsync(service.Address, $"/fetches/{id}/results", form, Readers, requests, token);
        TimeSpan before = ProcessUsage.Processor(service.ProcessId);
        LineDelays delays = await readers.ReadToEndAsync(token);
        double share = (ProcessUsage.Processor(service.ProcessId) - before).TotalSeconds / delays.Seconds;
        double reached = requests / delays.Seconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| `{form}` | {load} | {reached:0} | {Text(delays.Left)} | {Text(delays.Read)} | {share * 100:0} | {delays.ProcessorSeconds / delays.Seconds * 100:0} |"));
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

    private static string Text(Spread spread) => string.Create(CultureInfo.InvariantCulture, $"{spread.P50:0.0} | {spread.P99:0.0} | {spread.Max:0.0}");
}
