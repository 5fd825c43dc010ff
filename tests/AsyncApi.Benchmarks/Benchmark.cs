using AsyncApi.Benchmarks.Engine;
using AsyncApi.Benchmarks.FanOut;
using AsyncApi.Benchmarks.Jobs;
using AsyncApi.Benchmarks.LoadTests;
using AsyncApi.Benchmarks.Readers;
using AsyncApi.Benchmarks.Schedules;
using AsyncApi.Benchmarks.SlowPosts;
using AsyncApi.Benchmarks.Submission;
using AsyncApi.Benchmarks.Web;

namespace AsyncApi.Benchmarks;

/// <summary>Something that is measured.</summary>
/// <param name="Name">How the command line calls it.</param>
/// <param name="Summary">What it measures.</param>
/// <param name="RunAsync">Measures and prints; told the number of rounds.</param>
internal sealed record Benchmark(string Name, string Summary, Func<int, CancellationToken, Task> RunAsync)
{
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new(CostBenchmark.Name, "what the engine costs a request, over a handler that answers from memory", (_, token) => CostBenchmark.RunAsync(token)),
        new(FanOutBenchmark.Name, "20,000 GETs of 1 KiB at concurrency 100: a bare loop, the engine, the service; side by side", FanOutBenchmark.RunAsync),
        new(JobsBenchmark.Name, "durable no-op jobs a second, how soon an idle worker takes one up, and fifty kills", (_, token) => JobsBenchmark.RunAsync(token)),
        new(LatencyBenchmark.Name, "a target that takes 50 ms or 1 s: how much of its slots the engine makes, beside the bare loop", LatencyBenchmark.RunAsync),
        new(LoadTestBenchmark.Name, "how much load a load test makes, beside wrk", LoadTestBenchmark.RunAsync),
        new(MemoryBenchmark.Name, "a million requests over ten thousand hosts through the engine", (_, token) => MemoryBenchmark.RunAsync(token)),
        new(ReadersBenchmark.Name, "a thousand readers of one fetch: how late each line is", ReadersBenchmark.RunAsync),
        new(SchedulesBenchmark.Name, "ten thousand schedules due at the same minute: how late they are, and what others feel", (_, token) => SchedulesBenchmark.RunAsync(token)),
        new(SlowPostsBenchmark.Name, "2,000 posts that dribble in at once: the p99 of other requests, beside it quiet", SlowPostsBenchmark.RunAsync),
        new(SubmissionBenchmark.Name, "a million requests in one POST, as NDJSON and as a URI list", (_, token) => SubmissionBenchmark.RunAsync(token)),
        new(WebBenchmark.Name, "hello, items and a durable POST: the service, a bare minimal API, aiohttp and FastAPI", WebBenchmark.RunAsync),
    ];
}
