using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Threads;

internal sealed record ToThreadParameters
{
    [Description("How long the call blocks its thread."), Range(0.1, 5)]
    public double Seconds { get; init; } = 1;
}

internal sealed record ToThreadResult(string Context, int StepsMeanwhile);

internal sealed class ToThreadPattern() : Pattern<ToThreadParameters>(
    "to-thread",
    "Hand a blocking call to a thread",
    "The call blocks a thread of the pool while the caller goes on, and it sees the caller's context.",
    asyncio: "asyncio.to_thread",
    dotnet: "Task.Run")
{
    private const int Steps = 3;

    private static readonly AsyncLocal<string?> RequestId = new();

    protected override async Task<object?> RunAsync(ToThreadParameters parameters, PatternRun run, CancellationToken token)
    {
        RequestId.Value = "request 7";
        Task<string> blocking = run.SpanAsync("blocking call", inner => Task.Run(() => Block(parameters, run, inner), inner), token);

        int steps = 0;
        while (steps < Steps)
        {
            await run.Delay(parameters.Seconds / (Steps + 1), token);
            run.Event("caller", $"step {++steps} while the call blocks: {!blocking.IsCompleted}");
        }

        return new ToThreadResult(await blocking, steps);
    }

    private static string Block(ToThreadParameters parameters, PatternRun run, CancellationToken token)
    {
        run.Event("blocking call", $"on a thread of the pool: {Thread.CurrentThread.IsThreadPoolThread}");
        BlockingCall.Wait(run, parameters.Seconds, token);
        return RequestId.Value ?? "no context";
    }
}
