using System.Globalization;
using System.Net.Http.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Schedules;

/// <summary>Ten thousand schedules that fall due in the same minute: how late their fetches are, and what others feel of it.</summary>
internal static class SchedulesBenchmark
{
    public const string Name = "schedules";

    private const int Schedules = 10_000;
    private const int Clients = 32;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task RunAsync(CancellationToken token)
    {
        using TempFolder data = new();
        await using FanOut.Target target = await FanOut.Target.StartAsync(token);
        await using ServiceProcess service = await StartAsync(data);
        await using StoredSchedules stored = new(data.Path);
        await stored.OpenAsync(token);
        Uri[] urls = [.. FanOut.Target.UrlsOf(target.Address).Take(Schedules)];
        DateTimeOffset due = await AddSchedulesAsync(service.Client, urls, token);

        await UntilAsync(due - Quiet, token);
        await using OtherWork others = new(service.Address, urls[0]);
        await UntilAsync(due, token);
        TimeSpan before = ProcessUsage.Processor(service.ProcessId);
        await Eventually.Until(async () => !await stored.AnyIsDueAsync(due, token), Patience, "no schedule is due");
        DateTimeOffset made = TimeProvider.System.GetUtcNow();
        TimeSpan processor = ProcessUsage.Processor(service.ProcessId) - before;
        await Eventually.Until(async () => !await stored.AnyRunsAsync(token), Patience, "the schedules' fetches are over");
        DateTimeOffset over = TimeProvider.System.GetUtcNow();
        (OtherCall[] reads, OtherCall[] submissions) = await others.EndAsync();

        Console.WriteLine($"\n{Name}: {Schedules} schedules of one request each, due at the same minute, on all processors\n");
        Console.WriteLine("| from the due minute until all fetches exist, s | until all are over, s | processor ms meanwhile, until they exist |\n|--:|--:|--:|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {(made - due).TotalSeconds:0.00} | {(over - due).TotalSeconds:0.00} | {processor.TotalMilliseconds:0} |"));
        IReadOnlyList<(DateTimeOffset Created, DateTimeOffset Started)> runs = await stored.ListRunsAsync(token);
        Console.WriteLine($"\n| ms after the due minute, {runs.Count} fetches | p50 | p90 | p99 | max |\n|---|--:|--:|--:|--:|");
        Print("made", runs.Select(run => (run.Created - due).TotalMilliseconds));
        Print("begun", runs.Select(run => (run.Started - due).TotalMilliseconds));
        foreach ((string name, OtherCall[] calls) in ((string, OtherCall[])[])[("`GET /items?limit=50`", reads), ("`POST /fetches` of one URL", submissions)])
        {
            Console.WriteLine($"\n| ms, {name}, 50 a second | p50 | p90 | p99 | max |\n|---|--:|--:|--:|--:|");
            // The first two seconds are its own: connections, code that runs for the first time.
            Print("quiet, before", Within(calls, due - Quiet + TimeSpan.FromSeconds(2), due - TimeSpan.FromSeconds(1)));
            Print("while the fetches are made", Within(calls, due, made));
            Print("while they run", Within(calls, made, over));
        }
    }

    private static Task<ServiceProcess> StartAsync(TempFolder data) => ServiceProcess.StartAsync(data.Path, new Dictionary<string, string>
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["Fetch:AllowedNetworks:0"] = "127.0.0.0/8",
        // What is due waits while the queue is full, and others are refused; neither is what is measured here.
        ["Jobs:MaxQueued"] = "100000",
    });

    /// <summary>Gives the minute at which all of them fall due.</summary>
    private static async Task<DateTimeOffset> AddSchedulesAsync(HttpClient client, Uri[] urls, CancellationToken token)
    {
        for (int i = 0; i < 50; i++)
        {
            using HttpResponseMessage item = await client.PostAsJsonAsync("/items", new { data = $"item {i}" }, token);
            item.EnsureSuccessStatusCode();
        }

        // A leap day: until all are there, none may fall due.
        string[] schedules = new string[urls.Length];
        ParallelOptions some = new() { MaxDegreeOfParallelism = Clients, CancellationToken = token };
        await Parallel.ForAsync(0, urls.Length, some, async (i, stop) =>
        {
            using HttpResponseMessage answer = await client.PostAsJsonAsync("/schedules", ScheduleOf(urls[i], "0 0 29 2 *"), stop);
            answer.EnsureSuccessStatusCode();
            schedules[i] = answer.Headers.Location!.OriginalString;
        });
        return await LetAllBeDueAsync(client, urls, schedules, some);
    }

    private static async Task<DateTimeOffset> LetAllBeDueAsync(HttpClient client, Uri[] urls, string[] schedules, ParallelOptions some)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset due = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero).AddMinutes(now.Second < 20 ? 1 : 2);
        string cron = string.Create(CultureInfo.InvariantCulture, $"{due.Minute} {due.Hour} {due.Day} {due.Month} *");
        await Parallel.ForAsync(0, urls.Length, some, async (i, stop) =>
        {
            using HttpResponseMessage answer = await client.PutAsJsonAsync(schedules[i], ScheduleOf(urls[i], cron), stop);
            answer.EnsureSuccessStatusCode();
        });
        return TimeProvider.System.GetUtcNow() < due - Quiet
            ? due
            : throw new InvalidOperationException("The machine is too slow: the minute was near before all schedules were there.");
    }

    private static object ScheduleOf(Uri url, string cron) => new { cron, label = StoredSchedules.Label, fetch = new { urls = new[] { url } } };

    private static async Task UntilAsync(DateTimeOffset moment, CancellationToken token)
    {
        TimeSpan left = moment - TimeProvider.System.GetUtcNow();
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System, token);
    }

    private static IEnumerable<double> Within(OtherCall[] calls, DateTimeOffset from, DateTimeOffset to) =>
        calls.Where(call => call.Intended >= from && call.Intended < to).Select(call => call.Milliseconds);

    private static void Print(string what, IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
        {
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {what} | {Part(0.5):0.0} | {Part(0.9):0.0} | {Part(0.99):0.0} | {sorted[^1]:0.0} |"));

        double Part(double part) => sorted[(int)((sorted.Length - 1) * part)];
    }
}
