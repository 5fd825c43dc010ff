using System.Globalization;
using System.Text;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Readers;

/// <summary>
/// How late a line of the stream of results is, with a thousand readers of the same fetch: from the end of the response, as the line itself
/// tells it, until it has left the service and until its reader has read it. A machine that others use too stands still for 50 ms now and
/// then, which is the p99 of ten seconds: medians of rounds tell what is ours.
/// </summary>
internal static class ReadersBenchmark
{
    public const string Name = "readers";

    private const int Readers = 1_000;
    private const int UntilAllRead = 5;
    private const int Steady = 1_000;
    private const int WarmRounds = 3;
    private const int FullRounds = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(25);

    public static async Task RunAsync(int rounds, CancellationToken token)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(token);
        late.CancelAfter(Deadline);
        await using FanOut.Target target = await FanOut.Target.StartAsync(late.Token);
        await MeasureServiceAsync(target.Address, Machine.MeasuredCore, rounds, late.Token);
        await MeasureServiceAsync(target.Address, core: null, rounds, late.Token);
    }

    private static async Task MeasureServiceAsync(Uri target, int? core, int rounds, CancellationToken token)
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
            // Until hot code is compiled for good, which takes a single processor a minute.
            double warm = await MeasureAsync("to warm up", 0, 1);
            await MeasureAsync("to warm up", warm / 2, WarmRounds);
            double full = await MeasureAsync("full", 0, FullRounds);
            await MeasureAsync("half", full / 2, rounds);
            await MeasureAsync("steady", Steady, rounds);

            async Task<double> MeasureAsync(string load, double rate, int times)
            {
                List<Round> all = [];
                for (int i = 0; i < times; i++)
                {
                    all.Add(await MeasureRoundAsync(service, target, form, rate, token));
                    Print(form, load, all[^1]);
                }

                Round median = Round.MedianOf(all);
                if (times > 1)
                    Print(form, $"{load}, medians", median);
                return median.Rate;
            }
        }
    }

    private static async Task<Round> MeasureRoundAsync(ServiceProcess service, Uri target, string form, double rate, CancellationToken token)
    {
        // Some ten seconds for each load but the full one, as near as can be known before.
        int requests = rate == 0 ? FanOut.Target.Urls / 2 : (int)Math.Min(FanOut.Target.Urls, rate * 10);
        string id = await SubmitAsync(service, target, requests, rate, token);
        await using StreamReaders readers = await StreamReaders.OpenAsync(service.Address, $"/fetches/{id}/results", form, Readers, requests, token);
        TimeSpan before = ProcessUsage.Processor(service.ProcessId);
        LineDelays delays = await readers.ReadToEndAsync(token);
        double serviceShare = (ProcessUsage.Processor(service.ProcessId) - before).TotalSeconds / delays.Seconds;
        return new Round(requests / delays.Seconds, delays.Left, delays.Read, serviceShare, delays.ProcessorSeconds / delays.Seconds);
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

    private static void Print(string form, string load, Round round) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| `{form}` | {load} | {round.Rate:0} | {Text(round.Left)} | {Text(round.Read)} | {round.ServiceShare * 100:0} | {round.ReadersShare * 100:0} |"));

    private static string Text(Spread spread) => string.Create(CultureInfo.InvariantCulture, $"{spread.P50:0.0} | {spread.P99:0.0} | {spread.Max:0.0}");

    /// <param name="Rate">Results in a second.</param>
    /// <param name="Left">See <see cref="LineDelays"/>.</param>
    /// <param name="Read">See <see cref="LineDelays"/>.</param>
    /// <param name="ServiceShare">Of a processor.</param>
    /// <param name="ReadersShare">Of theirs.</param>
    private sealed record Round(double Rate, Spread Left, Spread Read, double ServiceShare, double ReadersShare)
    {
        /// <summary>The median of each figure.</summary>
        public static Round MedianOf(List<Round> rounds)
        {
            return new Round(
                rounds.Median(static r => r.Rate),
                Of(static r => r.Left),
                Of(static r => r.Read),
                rounds.Median(static r => r.ServiceShare),
                rounds.Median(static r => r.ReadersShare));

            Spread Of(Func<Round, Spread> spread) =>
                new(rounds.Median(r => spread(r).P50), rounds.Median(r => spread(r).P99), rounds.Median(r => spread(r).Max));
        }
    }
}
