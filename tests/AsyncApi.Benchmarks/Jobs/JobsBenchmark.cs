using System.Diagnostics;
using System.Globalization;
using AsyncApi.Benchmarks.Web;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Jobs;

/// <summary>Durable jobs that do nothing: how many a second, how soon one is taken up, and what a kill costs.</summary>
internal static class JobsBenchmark
{
    public const string Name = "jobs";

    private const int Clients = 64;
    private const int Singles = 200;
    private const int WarmUpSeconds = 5;
    private const int LoadSeconds = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(CancellationToken token)
    {
        using (TempFolder data = new())
        {
            await using NoOpService service = await NoOpService.StartAsync(data, token);
            await MeasureLoadAsync(service, token);
            await MeasurePickupAsync(service, "SQLite", token);
        }

        await MeasurePostgreSqlAsync(token);

        await KilledJobs.MeasureAsync(token);
        await KilledFetch.MeasureAsync(token);
    }

    private static async Task MeasurePostgreSqlAsync(CancellationToken token)
    {
        using TempFolder data = new();
        await using PostgreSql server = await PostgreSql.StartAsync();
        await using NoOpService service = await NoOpService.StartAsync(data, token, await server.CreateDatabaseAsync());
        await Wrk.PostAsync(service.PostAddress, connections: 1, WarmUpSeconds, token);
        await service.DrainAsync(token);
        await MeasurePickupAsync(service, "PostgreSQL", token);
    }

    /// <summary>Posts from many clients, one after another each, until it is time or the service is gone; gives what was answered.</summary>
    public static async Task<List<Guid>> PostAsync(NoOpService service, int clients, CancellationToken until)
    {
        List<Guid>[] posted = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(
            async () =>
            {
                List<Guid> jobs = [];
                try
                {
                    while (true)
                    {
                        jobs.Add(await service.PostAsync(until));
                    }
                }
                catch (Exception end) when (end is OperationCanceledException or HttpRequestException)
                {
                    return jobs;
                }
            },
            CancellationToken.None)));
        return [.. posted.SelectMany(jobs => jobs)];
    }

    private static async Task MeasureLoadAsync(NoOpService service, CancellationToken token)
    {
        Console.WriteLine($"\n{Name}: one POST a job from {Clients} clients (wrk) for {LoadSeconds} s after {WarmUpSeconds} s to warm up, on all processors\n");
        await Wrk.PostAsync(service.PostAddress, Clients, WarmUpSeconds, token);
        await service.DrainAsync(token);
        TimeSpan before = ProcessUsage.Processor(service.ProcessId);
        long start = Stopwatch.GetTimestamp();
        int jobs = await Wrk.PostAsync(service.PostAddress, Clients, LoadSeconds, token);
        double posted = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await service.DrainAsync(token);
        double over = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double processor = (ProcessUsage.Processor(service.ProcessId) - before).TotalMicroseconds;
        Console.WriteLine("| jobs | enqueued/s | enqueued and processed/s | over after the last 202, s | processor µs a job |\n|--:|--:|--:|--:|--:|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {jobs} | {jobs / posted:0} | {jobs / over:0} | {over - posted:0.00} | {processor / jobs:0} |"));
    }

    private static async Task MeasurePickupAsync(NoOpService service, string database, CancellationToken token)
    {
        List<double> accepted = [], started = [], ran = [];
        for (int i = 0; i < Singles; i++)
        {
            await Task.Delay(Pause, TimeProvider.System, token);
            DateTimeOffset sent = TimeProvider.System.GetUtcNow();
            Guid job = await service.PostAsync(token);
            DateTimeOffset answered = TimeProvider.System.GetUtcNow();
            NoOpJob over = await service.OverAsync(job, token);
            accepted.Add((answered - sent).TotalMilliseconds);
            started.Add((over.StartedAt!.Value - answered).TotalMilliseconds);
            ran.Add((await service.RanAsync(job, token) - answered).TotalMilliseconds);
        }

        Console.WriteLine($"\n{Singles} single posts to an idle service on {database}\n\n| ms | p50 | p99 |\n|---|--:|--:|");
        Print("from the POST to its 202", accepted);
        Print("from the 202 to `startedAt`, which has whole milliseconds", started);
        Print("from the 202 to the handler, after the claim's commit", ran);
    }

    private static void Print(string what, List<double> times)
    {
        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {what} | {times[(times.Count - 1) / 2]:0.0} | {times[(times.Count - 1) * 99 / 100]:0.0} |"));
    }
}
