using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Callbacks;

internal sealed record DoneCallbackParameters
{
    [Description("How long the first task takes, in seconds."), Range(0.0, 10.0)]
    public double FirstSeconds { get; init; } = 1;

    [Description("How long the second task takes, in seconds."), Range(0.0, 10.0)]
    public double SecondSeconds { get; init; } = 2;

    [Description("Whether the second task fails at its end.")]
    public bool Fail { get; init; }
}

internal sealed class DoneCallbackPattern() : Pattern<DoneCallbackParameters>(
    "done-callback",
    "Call me when it is done",
    "A callback runs once, after its task has ended, with the result or the error; another when both tasks are done.",
    asyncio: "task.add_done_callback(callback)",
    dotnet: "an async method that awaits the task and then calls; Task.ContinueWith; Task.WhenAll")
{
    protected override async Task<object?> RunAsync(DoneCallbackParameters parameters, PatternRun run, CancellationToken token)
    {
        List<string> called = [];
        Task<string> first = run.SpanAsync("first", inner => WorkAsync("first", parameters.FirstSeconds, fail: false, inner), token);
        Task<string> second = run.SpanAsync("second", inner => WorkAsync("second", parameters.SecondSeconds, parameters.Fail, inner), token);
        await Task.WhenAll(
            WhenDoneAsync(first, outcome => Callback("first", outcome)),
            WhenDoneAsync(second, outcome => Callback("second", outcome)),
            WhenDoneAsync(BothAsync(first, second), outcome => Callback("both", outcome)));
        token.ThrowIfCancellationRequested();
        return called;

        async Task<string> WorkAsync(string name, double seconds, bool fail, CancellationToken inner)
        {
            await run.Delay(seconds, inner);
            return fail ? throw new InvalidOperationException($"{name} failed") : $"{name} ok";
        }

        // Callbacks run on any thread, two of them perhaps at once: there is no loop that would keep them apart.
        void Callback(string task, string outcome)
        {
            run.Event(task, $"callback: {outcome}");
            lock (called)
            {
                called.Add($"{task}: {outcome}");
            }
        }
    }

    private static async Task<string> BothAsync(Task<string> first, Task<string> second)
    {
        string[] results = await Task.WhenAll(first, second);
        return string.Join(" and ", results);
    }

    // What an await does anyway: the code behind it is the callback. Unlike ContinueWith it is awaited, so its own failure shows.
    private static async Task WhenDoneAsync(Task<string> task, Action<string> callback)
    {
        await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        callback(task.IsCompletedSuccessfully ? await task : task.Exception?.InnerException?.Message ?? "cancelled");
    }
}
