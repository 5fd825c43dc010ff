using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Processes;

internal enum WorkerFault
{
    None,
    Crash,
    Hang,
}

internal sealed record ProcessPoolParameters
{
    [Description("Worker processes; 0 for one a core."), Range(0, 8)]
    public int Processes { get; init; }

    [Description("The primes to look for: the nth for each n."), Length(1, 32), ElementRange(1, 20_000)]
    public IReadOnlyList<int> Primes { get; init; } = [1000, 2000, 3000, 4000];

    [Description("How many names are greeted."), Range(0, 1000)]
    public int Names { get; init; } = 100;

    [Description("How many names go to a process at a time."), Range(10, 100)]
    public int Batch { get; init; } = 10;

    [Description("What goes wrong in one more task.")]
    public WorkerFault Fault { get; init; } = WorkerFault.Crash;

    [Description("How long any task may take, in seconds."), Range(0.1, 20.0)]
    public double TimeoutSeconds { get; init; } = 10;
}

internal sealed record ProcessPoolResult(IReadOnlyList<int> Primes, IReadOnlyList<string> Greetings, string? Fault);

internal sealed class ProcessPoolPattern() : Pattern<ProcessPoolParameters>(
    "process-pool",
    "Work for processes",
    "Computing goes to processes of its own, one task at a time each. One that crashes or takes too long is killed and replaced, and its task alone fails.",
    asyncio: "loop.run_in_executor(ProcessPoolExecutor(), function, argument)",
    dotnet: "worker processes over pipes; for speed alone Task.Run will do, since no lock keeps .NET's threads from computing at once")
{
    protected override async Task<object?> RunAsync(ProcessPoolParameters parameters, PatternRun run, CancellationToken token)
    {
        await using WorkerPool pool = WorkerPool.Of(run.Host, parameters.Processes);
        Task<string>? fault = parameters.Fault == WorkerFault.None ? null : FailAsync(parameters.Fault);
        Task<int>[] primes = [.. parameters.Primes.Select(n => CallAsync<int>($"prime {n}", WorkerWork.Prime, n))];
        // Each call costs a way there and back: many small ones travel in batches.
        Task<string[]>[] greetings = [.. Enumerable.Range(1, parameters.Names).Select(number => $"name {number}").Chunk(parameters.Batch)
            .Select((names, index) => CallAsync<string[]>($"batch {index + 1}", WorkerWork.Greet, names))];

        return new ProcessPoolResult(
            await Task.WhenAll(primes),
            [.. (await Task.WhenAll(greetings)).SelectMany(batch => batch)],
            fault is null ? null : await fault);

        Task<T> CallAsync<T>(string task, string work, object argument) => pool.UseAsync(
            worker => run.SpanAsync(
                task, inner => worker.CallAsync<T>(work, argument, TimeSpan.FromSeconds(parameters.TimeoutSeconds), run.Time, inner), token, worker.Name),
            token);

        async Task<string> FailAsync(WorkerFault kind)
        {
            try
            {
                return await CallAsync<string>($"{kind}", kind == WorkerFault.Crash ? WorkerWork.Crash : WorkerWork.Hang, argument: 0);
            }
            catch (Exception failure) when (failure is WorkerCrashedException or TimeoutException)
            {
                run.Event($"{kind}", failure.Message);
                return failure.Message;
            }
        }
    }
}
