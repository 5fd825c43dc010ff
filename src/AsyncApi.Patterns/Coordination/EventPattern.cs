using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Coordination;

internal sealed record EventParameters
{
    [Description("How many wait from the start."), Range(1, 32)]
    public int Waiters { get; init; } = 3;

    [Description("How long until the event is set, in seconds."), Range(0.0, 10.0)]
    public double SetAfter { get; init; } = 1;
}

internal sealed class EventPattern() : Pattern<EventParameters>(
    "event",
    "Wait for a signal",
    "All who wait go on at once; who comes while it is set doesn't wait; who comes after it was cleared waits again.",
    asyncio: "asyncio.Event",
    dotnet: "TaskCompletionSource")
{
    protected override async Task<object?> RunAsync(EventParameters parameters, PatternRun run, CancellationToken token)
    {
        AsyncEvent signal = new();
        List<Task> waiters = [.. Enumerable.Range(1, parameters.Waiters).Select(number => WaitAsync($"waiter {number}"))];
        await run.Delay(parameters.SetAfter, token);
        run.Event("setter", "set");
        signal.Set();
        await Task.WhenAll(waiters);
        await WaitAsync("late waiter");

        run.Event("setter", "clear");
        signal.Clear();
        Task next = WaitAsync("next waiter");
        await run.Delay(parameters.SetAfter, token);
        run.Event("setter", "set");
        signal.Set();
        await next;
        return null;

        Task WaitAsync(string name) => run.SpanAsync(name, inner => signal.WaitAsync(inner), token);
    }

    private sealed class AsyncEvent
    {
        private TaskCompletionSource _set = New();

        // WaitAsync lets this one waiter be cancelled, without cancelling the signal for the others.
        public Task WaitAsync(CancellationToken token) => Volatile.Read(ref _set).Task.WaitAsync(token);

        public void Set() => Volatile.Read(ref _set).TrySetResult();

        public void Clear()
        {
            TaskCompletionSource set = Volatile.Read(ref _set);
            if (set.Task.IsCompleted)
                Interlocked.CompareExchange(ref _set, New(), set);
        }

        // Without the option the waiters would go on inside Set(), on the setter's thread and before it returns.
        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
