using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Processes;

internal sealed record CpuAndIoParameters
{
    [Description("Worker processes; 0 for one a core."), Range(0, 8)]
    public int Processes { get; init; }

    [Description("The primes to look for: the nth for each n."), Length(1, 16), ElementRange(1, 20_000)]
    public IReadOnlyList<int> Primes { get; init; } = [5000, 6000, 7000, 8000];

    [Description("How many waits go on meanwhile."), Range(1, 16)]
    public int Waits { get; init; } = 4;

    [Description("How long each waits, in seconds."), Range(0.1, 10.0)]
    public double Seconds { get; init; } = 1;
}

/// <param name="Primes">In the order of the parameter.</param>
/// <param name="LatestMs">How much later than it should a wait ended, at worst.</param>
/// <param name="LatencyMs">How long the host took to answer a request, at worst; null where it cannot be asked.</param>
internal sealed record CpuAndIoResult(IReadOnlyList<int> Primes, double LatestMs, double? LatencyMs);

internal sealed class CpuAndIoPattern() : Pattern<CpuAndIoParameters>(
    "cpu-and-io",
    "Computing and waiting at once",
    "While processes keep the cores busy, waits end on time and the program goes on answering.",
    asyncio: "asyncio.gather over run_in_executor(ProcessPoolExecutor()) and asyncio.sleep",
    dotnet: "Task.WhenAll over worker processes and Task.Delay")
{
    protected override async Task<object?> RunAsync(CpuAndIoParameters parameters, PatternRun run, CancellationToken token)
    {
        await using WorkerPool pool = WorkerPool.Of(run.Host, parameters.Processes);
        Task<int>[] primes = [.. parameters.Primes.Select(n => pool.UseAsync(
            worker => run.SpanAsync($"prime {n}", inner => worker.CallAsync<int>(WorkerWork.Prime, n, inner), token, worker.Name),
            token))];
        Task<double>[] waits = [.. Enumerable.Range(1, parameters.Waits).Select(number => run.SpanAsync($"wait {number}", WaitAsync, token))];
        double? latency = await ProbeAsync(run, Task.WhenAll(Task.WhenAll(primes), Task.WhenAll(waits)), token);
        return new CpuAndIoResult(await Task.WhenAll(primes), (await Task.WhenAll(waits)).Max(), latency);

        async Task<double> WaitAsync(CancellationToken inner)
        {
            double start = run.Trace.ElapsedMs;
            await run.Delay(parameters.Seconds, inner);
            return Math.Round(run.Trace.ElapsedMs - start - (parameters.Seconds * 1000), 3);
        }
    }

    /// <summary>Asks the host again and again until all is done.</summary>
    private static async Task<double?> ProbeAsync(PatternRun run, Task until, CancellationToken token)
    {
        if (run.Host is not { FetchAsync: { } fetch, BaseAddress: { } address })
        {
            return null;
        }

        // The first request also opens the connection.
        await fetch(new Uri(address, "health/live"), token);
        double slowest = 0;
        do
        {
            double start = run.Trace.ElapsedMs;
            await fetch(new Uri(address, "health/live"), token);
            slowest = Math.Max(slowest, run.Trace.ElapsedMs - start);
            await Task.WhenAny(until, run.Delay(0.05, token));
        }
        while (!until.IsCompleted);
        return Math.Round(slowest, 3);
    }
}
