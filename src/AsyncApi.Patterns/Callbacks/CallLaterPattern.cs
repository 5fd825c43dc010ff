using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Threading.Channels;

namespace AsyncApi.Patterns.Callbacks;

internal sealed record CallLaterParameters
{
    [Description("When each callback is due, in seconds."), Length(1, 32), ElementRange(0, 10)]
    public IReadOnlyList<double> Seconds { get; init; } = [1, 0.5];

    [Description("When a callback would be due that is cancelled before, in seconds."), Range(0.1, 10.0)]
    public double CancelledSeconds { get; init; } = 0.75;
}

internal sealed class CallLaterPattern() : Pattern<CallLaterParameters>(
    "call-later",
    "Callbacks now, later, and not at all",
    "What is to be called soon comes first, the rest by due time, one at a time. A callback that is cancelled before it is due never runs.",
    asyncio: "loop.call_soon, loop.call_later, handle.cancel()",
    dotnet: "TimeProvider.CreateTimer, ITimer.Dispose; a Channel to run callbacks one at a time")
{
    protected override async Task<object?> RunAsync(CallLaterParameters parameters, PatternRun run, CancellationToken token)
    {
        // Timers fire on threads of the pool, several at once. They only say what is due; one reader does the work.
        Channel<string> due = Channel.CreateBounded<string>(PatternRun.MaxTasks);
        List<ITimer> timers = [.. parameters.Seconds.Select(seconds => CallLater(seconds, $"after {seconds} s"))];
        try
        {
            await CallLater(parameters.CancelledSeconds, "cancelled").DisposeAsync();
            due.Writer.TryWrite("soon");
            List<string> called = [];
            while (called.Count < parameters.Seconds.Count + 1)
            {
                string callback = await due.Reader.ReadAsync(token);
                run.Event("loop", callback);
                called.Add(callback);
            }

            return called;
        }
        finally
        {
            timers.ForEach(timer => timer.Dispose());
        }

        ITimer CallLater(double seconds, string callback) =>
            run.Time.CreateTimer(_ => due.Writer.TryWrite(callback), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }
}
