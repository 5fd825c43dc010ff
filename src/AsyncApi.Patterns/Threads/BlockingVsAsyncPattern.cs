using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Threads;

internal sealed record BlockingVsAsyncParameters
{
    [Description("How many wait at once."), Range(1, 32)]
    public int Tasks { get; init; } = 6;

    [Description("The threads of the pool."), Range(1, 8)]
    public int Threads { get; init; } = 2;

    [Description("How long each waits."), Range(0.05, 2)]
    public double Seconds { get; init; } = 0.5;
}

internal sealed record BlockingVsAsyncResult(double BlockingMs, double AsyncMs);

internal sealed class BlockingVsAsyncPattern() : Pattern<BlockingVsAsyncParameters>(
    "blocking-vs-async",
    "What a blocking call does to a pool",
    "A wait that blocks keeps its thread: on a small pool everything queues up behind it. A wait that is awaited gives the thread back, and all wait at once.",
    asyncio: "time.sleep against await asyncio.sleep",
    dotnet: "Thread.Sleep or Task.Wait against await Task.Delay")
{
    protected override async Task<object?> RunAsync(BlockingVsAsyncParameters parameters, PatternRun run, CancellationToken token)
    {
        using ThreadExecutor pool = new(parameters.Threads);
        double blocking = await MeasureAsync("blocking", BlockAsync);
        double asynchronous = await MeasureAsync("async", AwaitAsync);
        return new BlockingVsAsyncResult(blocking, asynchronous);

        async Task<double> MeasureAsync(string name, Func<CancellationToken, Task> wait)
        {
            double start = run.Trace.ElapsedMs;
            await Task.WhenAll(Enumerable.Range(1, parameters.Tasks)
                .Select(number => pool.Submit(() => run.SpanAsync($"{name} {number}", wait, token)).Unwrap()));
            double elapsed = Math.Round(run.Trace.ElapsedMs - start, 3);
            run.Event(name, $"{parameters.Tasks} waits of {parameters.Seconds} s on {parameters.Threads} threads took {elapsed} ms");
            return elapsed;
        }

        // Looks asynchronous from outside, and holds its thread to the end.
        Task BlockAsync(CancellationToken inner)
        {
            BlockingCall.Wait(run, parameters.Seconds, inner);
            return Task.CompletedTask;
        }

        async Task AwaitAsync(CancellationToken inner) => await run.Delay(parameters.Seconds, inner);
    }
}
