using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Cancellation;

internal sealed record TimeoutParameters
{
    [Description("How long the scope may take, in seconds."), Range(0.0, 20.0)]
    public double Limit { get; init; } = 2;

    [Description("How long the first step takes, in seconds."), Range(0.0, 10.0)]
    public double First { get; init; } = 1;

    [Description("How long the second step takes, in seconds."), Range(0.0, 10.0)]
    public double Second { get; init; } = 4;

    [Description("Between the steps, move the deadline to this many seconds from then; 0 to leave it."), Range(0.0, 20.0)]
    public double Reschedule { get; init; }
}

/// <summary>Whether the scope's time was up, and the steps that were done in it.</summary>
internal sealed record TimeoutResult(bool TimedOut, IReadOnlyList<string> Steps);

internal sealed class TimeoutPattern() : Pattern<TimeoutParameters>(
    "timeout",
    "A limit for a scope",
    "Everything inside shares one limit, which may be moved. When the time is up the scope alone is left; in time, it changes nothing.",
    asyncio: "asyncio.timeout, Timeout.reschedule",
    dotnet: "CancellationTokenSource, CancelAfter")
{
    protected override async Task<object?> RunAsync(TimeoutParameters parameters, PatternRun run, CancellationToken token)
    {
        List<string> steps = [];
        bool timedOut = false;
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(parameters.Limit), run.Time);
        using CancellationTokenSource scope = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            await StepAsync("first", parameters.First);
            if (parameters.Reschedule > 0)
                limit.CancelAfter(TimeSpan.FromSeconds(parameters.Reschedule));
            await StepAsync("second", parameters.Second);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !token.IsCancellationRequested)
        {
            // Only the scope's own end is caught: when the caller cancels, that goes on upwards.
            timedOut = true;
            run.Event("main", "the time is up");
        }

        run.Event("main", "after the scope");
        return new TimeoutResult(timedOut, steps);

        async Task StepAsync(string name, double seconds)
        {
            await run.SpanAsync(name, inner => run.Delay(seconds, inner), scope.Token);
            steps.Add(name);
        }
    }
}
