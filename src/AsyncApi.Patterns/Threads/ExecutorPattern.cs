using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Threads;

internal sealed record ExecutorParameters
{
    [Description("The threads of the pool."), Range(1, 16)]
    public int Threads { get; init; } = 3;

    [Description("How long each call blocks its thread."), Length(1, 64), ElementRange(0.1, 5)]
    public IReadOnlyList<double> Seconds { get; init; } = [1, 2, 1];
}

internal sealed class ExecutorPattern() : Pattern<ExecutorParameters>(
    "executor",
    "A pool of threads for blocking calls",
    "Never more calls at once than the pool has threads; the others wait in its queue. Results come in the order of the calls.",
    asyncio: "loop.run_in_executor(ThreadPoolExecutor(3), call)",
    dotnet: "threads of one's own over a BlockingCollection; for non-blocking work Parallel.ForEachAsync")
{
    protected override async Task<object?> RunAsync(ExecutorParameters parameters, PatternRun run, CancellationToken token)
    {
        using ThreadExecutor pool = new(parameters.Threads);
        Task<string>[] calls = [.. parameters.Seconds.Select((seconds, index) => pool.Submit(() => Call($"call {index + 1}", seconds)).Unwrap())];
        return await Task.WhenAll(calls);

        // The span begins when a thread takes the call up, not when it was queued, and lies on that thread's lane.
        Task<string> Call(string name, double seconds) => run.SpanAsync(
            name,
            inner =>
            {
                BlockingCall.Wait(run, seconds, inner);
                return Task.FromResult($"{name}: {seconds} s");
            },
            token,
            lane: Thread.CurrentThread.Name);
    }
}
