using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Cancellation;

internal sealed record CancelParameters
{
    [Description("How long the work takes, in seconds."), Range(0.0, 10.0)]
    public double Work { get; init; } = 5;

    [Description("When it is cancelled, in seconds."), Range(0.0, 10.0)]
    public double CancelAfter { get; init; } = 1;

    [Description("How long it cleans up, in seconds."), Range(0.0, 2.0)]
    public double Cleanup { get; init; } = 0.2;

    [Description("Make the mistake: catch the cancellation and don't pass it on.")]
    public bool Swallow { get; init; }
}

/// <summary>What the one who waited saw.</summary>
internal sealed record CancelResult(bool Cancelled, string? Value);

internal sealed class CancelPattern() : Pattern<CancelParameters>(
    "cancel",
    "Ask a task to stop",
    "The task is asked, cleans up and passes the request on, so that whoever waits for it sees it. Nothing stops a task that swallows it.",
    asyncio: "Task.cancel, asyncio.CancelledError",
    dotnet: "CancellationTokenSource.CancelAsync, OperationCanceledException")
{
    protected override async Task<object?> RunAsync(CancelParameters parameters, PatternRun run, CancellationToken token)
    {
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task<string> work = run.SpanAsync("work", WorkAsync, source.Token);
        try
        {
            await run.Delay(parameters.CancelAfter, token);
            run.Event("main", "cancel");
        }
        finally
        {
            // Cancel() would run the task's answer to it right here, in the caller.
            await source.CancelAsync();
        }

        try
        {
            return new CancelResult(false, await work);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            run.Event("main", "sees that it was cancelled");
            return new CancelResult(true, null);
        }

        async Task<string> WorkAsync(CancellationToken inner)
        {
            try
            {
                await run.Delay(parameters.Work, inner);
                return "all of it";
            }
            catch (OperationCanceledException)
            {
                await run.Delay(parameters.Cleanup, CancellationToken.None);
                run.Event("work", "cleaned up");
                if (!parameters.Swallow)
                    throw;
                return "half of it, as if it were all";
            }
        }
    }
}
