using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Tasks;

internal sealed record CreateTaskParameters
{
    [Description("How long A takes, in seconds."), Range(0.0, 10.0)]
    public double First { get; init; } = 1;

    [Description("How long B takes, in seconds."), Range(0.0, 10.0)]
    public double Second { get; init; } = 2;
}

internal sealed class CreateTaskPattern() : Pattern<CreateTaskParameters>(
    "create-task",
    "Start now, wait later",
    "Both run from the moment they are started, and are waited for in order: the whole takes as long as the longer one.",
    asyncio: "asyncio.create_task",
    dotnet: "calling an async method: its Task runs already")
{
    protected override async Task<object?> RunAsync(CreateTaskParameters parameters, PatternRun run, CancellationToken token)
    {
        // A coroutine does nothing until it is made a task; a C# method that returns a Task is already running when it returns.
        Task<string> a = FetchAsync("A", parameters.First);
        Task<string> b = FetchAsync("B", parameters.Second);

        // If A failed, nobody would wait for B any more: with errors, gather and task-group are the patterns to use.
        return new[] { await a, await b };

        Task<string> FetchAsync(string name, double seconds) => run.SpanAsync(
            name,
            async inner =>
            {
                await run.Delay(seconds, inner);
                return $"{name}:{seconds}";
            },
            token);
    }
}
