using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Cancellation;

internal sealed record TimeoutAtParameters
{
    [Description("How long each step takes, in seconds."), Length(1, 32), ElementRange(0, 10)]
    public IReadOnlyList<double> Steps { get; init; } = [1, 1, 1];

    [Description("When all must be done, in seconds from the start."), Range(0.0, 20.0)]
    public double Deadline { get; init; } = 2.5;
}

/// <summary>The steps that were done, and the one that crossed the deadline.</summary>
internal sealed record TimeoutAtResult(IReadOnlyList<int> Done, int? Cut);

internal sealed class TimeoutAtPattern() : Pattern<TimeoutAtParameters>(
    "timeout-at",
    "One deadline for several steps",
    "The deadline is a point in time: however it is handed on, it stays where it is, and the step that crosses it is cut.",
    asyncio: "asyncio.timeout_at",
    dotnet: "CancellationTokenSource with the time that is left")
{
    protected override async Task<object?> RunAsync(TimeoutAtParameters parameters, PatternRun run, CancellationToken token)
    {
        DateTimeOffset deadline = run.Time.GetUtcNow().AddSeconds(parameters.Deadline);
        using CancellationTokenSource atDeadline = Until(deadline, run.Time);
        using CancellationTokenSource scope = CancellationTokenSource.CreateLinkedTokenSource(atDeadline.Token, token);
        List<int> done = [];
        try
        {
            foreach (double seconds in parameters.Steps)
            {
                await run.SpanAsync($"step {done.Count + 1}", inner => run.Delay(seconds, inner), scope.Token);
                done.Add(done.Count + 1);
            }

            return new TimeoutAtResult(done, null);
        }
        catch (OperationCanceledException) when (atDeadline.IsCancellationRequested && !token.IsCancellationRequested)
        {
            return new TimeoutAtResult(done, done.Count + 1);
        }
    }

    // A deadline may have passed when it gets here; a negative delay would be an error, or, with -1 ms, mean "never".
    internal static CancellationTokenSource Until(DateTimeOffset deadline, TimeProvider time)
    {
        TimeSpan left = deadline - time.GetUtcNow();
        return new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
    }
}
