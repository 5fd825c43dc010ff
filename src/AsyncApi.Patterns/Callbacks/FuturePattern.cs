using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Callbacks;

internal sealed record FutureParameters
{
    [Description("When the other task sets the value, in seconds."), Range(0.0, 10.0)]
    public double Seconds { get; init; } = 1;
}

internal sealed record FutureResult(string Value, bool SecondSetAccepted, bool WaiterRanInsideSetter);

internal sealed class FuturePattern() : Pattern<FutureParameters>(
    "future",
    "A value that somebody else sets",
    "The waiter goes on once another task has set the value. It can be set once, and the waiter does not run inside the call that sets it.",
    asyncio: "loop.create_future() and future.set_result",
    dotnet: "TaskCompletionSource")
{
    [ThreadStatic]
    private static bool _setting;

    protected override async Task<object?> RunAsync(FutureParameters parameters, PatternRun run, CancellationToken token)
    {
        // By default .NET would run the waiter inside SetResult, on the setter's stack: asyncio never does.
        TaskCompletionSource<string> future = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool inside = false;
        Task<string> waiter = run.SpanAsync("waiter", WaitAsync, token);
        bool second = await run.SpanAsync("setter", SetAsync, token);
        return new FutureResult(await waiter, second, inside);

        async Task<string> WaitAsync(CancellationToken inner)
        {
            string value = await future.Task.WaitAsync(inner);
            inside = _setting;
            run.Event("waiter", $"goes on with \"{value}\"");
            return value;
        }

        async Task<bool> SetAsync(CancellationToken inner)
        {
            await run.Delay(parameters.Seconds, inner);
            _setting = true;
            future.SetResult("ready");
            _setting = false;
            bool accepted = future.TrySetResult("again");
            run.Event("setter", $"a second value is accepted: {accepted}");
            return accepted;
        }
    }
}
