using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Cancellation;

internal sealed record WaitForParameters
{
    [Description("How long the operation takes, in seconds."), Range(0.0, 20.0)]
    public double Operation { get; init; } = 5;

    [Description("How long it may take, in seconds."), Range(0.0, 20.0)]
    public double Limit { get; init; } = 2;

    [Description("How long it cleans up when it is cancelled, in seconds."), Range(0.0, 2.0)]
    public double Cleanup { get; init; } = 0.1;
}

/// <summary>Whether the time was up, and what came if not.</summary>
internal sealed record WaitForResult(bool TimedOut, string? Value);

internal sealed class WaitForPattern() : Pattern<WaitForParameters>(
    "wait-for",
    "A limit for one operation",
    "When the time is up the operation is cancelled, may clean up, and only then the timeout is reported.",
    asyncio: "asyncio.wait_for",
    dotnet: "CancellationTokenSource with a delay, awaiting the operation itself")
{
    protected override async Task<object?> RunAsync(WaitForParameters parameters, PatternRun run, CancellationToken token)
    {
        try
        {
            string value = await WaitForAsync(OperationAsync, TimeSpan.FromSeconds(parameters.Limit), run.Time, token);
            return new WaitForResult(false, value);
        }
        catch (TimeoutException timeout)
        {
            run.Event("main", timeout.Message);
            return new WaitForResult(true, null);
        }

        Task<string> OperationAsync(CancellationToken limited) => run.SpanAsync(
            "operation",
            async inner =>
            {
                try
                {
                    await run.Delay(parameters.Operation, inner);
                    return "done";
                }
                catch (OperationCanceledException)
                {
                    // Not with the token that was just cancelled: the clean-up would end before it began.
                    await run.Delay(parameters.Cleanup, CancellationToken.None);
                    run.Event("operation", "cleaned up");
                    throw;
                }
            },
            limited);
    }

    // task.WaitAsync(limit) looks like it and is not: it only stops waiting, and the operation goes on unseen.
    private static async Task<T> WaitForAsync<T>(Func<CancellationToken, Task<T>> operation, TimeSpan limit, TimeProvider time, CancellationToken token)
    {
        using CancellationTokenSource timer = new(limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, token);
        try
        {
            return await operation(either.Token);
        }
        catch (OperationCanceledException cancelled) when (timer.IsCancellationRequested && !token.IsCancellationRequested)
        {
            throw new TimeoutException($"not within {limit.TotalSeconds} s", cancelled);
        }
    }
}
