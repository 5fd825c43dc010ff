using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Cancellation;

internal sealed record ShieldParameters
{
    [Description("How long the inner task takes, in seconds."), Range(0.0, 10.0)]
    public double Work { get; init; } = 3;

    [Description("When the one who waits is cancelled, in seconds."), Range(0.0, 10.0)]
    public double CancelAfter { get; init; } = 1;
}

/// <summary>What the one who waited saw, and what the inner task returned all the same.</summary>
internal sealed record ShieldResult(bool AwaiterCancelled, string Value);

internal sealed class ShieldPattern() : Pattern<ShieldParameters>(
    "shield",
    "Stop waiting, not the work",
    "Whoever waits can be cancelled and goes; the inner task knows nothing of it and finishes.",
    asyncio: "asyncio.shield",
    dotnet: "Task.WaitAsync(token)")
{
    protected override async Task<object?> RunAsync(ShieldParameters parameters, PatternRun run, CancellationToken token)
    {
        Task<string> inner = run.SpanAsync("inner", WorkAsync, token);
        using CancellationTokenSource leave = CancellationTokenSource.CreateLinkedTokenSource(token);

        // The token belongs to the wait. The task was started with another one, and that is the whole shield.
        Task awaiter = run.SpanAsync("awaiter", waiting => inner.WaitAsync(waiting), leave.Token);
        await run.Delay(parameters.CancelAfter, token);
        await leave.CancelAsync();
        await awaiter.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Somebody must still wait for what was shielded, or its error would be lost.
        return new ShieldResult(awaiter.IsCanceled, await inner);

        async Task<string> WorkAsync(CancellationToken own)
        {
            await run.Delay(parameters.Work, own);
            return "finished";
        }
    }
}
