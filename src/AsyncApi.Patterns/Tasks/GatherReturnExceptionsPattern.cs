using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Tasks;

internal sealed record GatherReturnExceptionsParameters
{
    [Description("How long each task takes, in seconds."), Length(1, 32), ElementRange(0, 10)]
    public IReadOnlyList<double> Seconds { get; init; } = [1, 0.5, 1.5];

    [Description("The task that fails, counted from 1; 0 for none."), Range(0, 32)]
    public int FailAt { get; init; } = 2;

    [Description("Whether errors are results. If not, the first one comes out at once.")]
    public bool ReturnExceptions { get; init; } = true;
}

/// <summary>A value or an error.</summary>
internal sealed record Gathered(string? Value, string? Error);

internal sealed class GatherReturnExceptionsPattern() : Pattern<GatherReturnExceptionsParameters>(
    "gather-return-exceptions",
    "Errors among the results",
    "Every task has a result in its place, be it an error. Without the option the first error comes out at once, and the others go on.",
    asyncio: "asyncio.gather(…, return_exceptions=True)",
    dotnet: "Task.WhenAll over tasks that catch")
{
    protected override async Task<object?> RunAsync(GatherReturnExceptionsParameters parameters, PatternRun run, CancellationToken token)
    {
        List<Task<string>> tasks = [.. parameters.Seconds.Select((seconds, index) => WorkAsync(index + 1, seconds))];
        if (parameters.ReturnExceptions)
            return await Task.WhenAll(tasks.Select(OutcomeAsync));

        try
        {
            // Task.WhenAll would keep the error until the last task has ended. asyncio hands out the first one at once: so does this.
            await foreach (Task<string> ended in Task.WhenEach(tasks).WithCancellation(token))
                await ended;
        }
        catch (InvalidOperationException first)
        {
            run.Event("main", $"first error: {first.Message}");
            await Task.WhenAll(tasks.Select(OutcomeAsync));
            throw;
        }

        return await Task.WhenAll(tasks);

        Task<string> WorkAsync(int number, double seconds) => run.SpanAsync(
            $"task {number}",
            async inner =>
            {
                await run.Delay(seconds, inner);
                return number == parameters.FailAt ? throw new InvalidOperationException("task failed") : $"result {number}";
            },
            token);
    }

    // An error that is expected is a value. Only this kind is: a catch for everything would return cancellation as a result, too.
    private static async Task<Gathered> OutcomeAsync(Task<string> task)
    {
        try
        {
            return new Gathered(await task, null);
        }
        catch (InvalidOperationException error)
        {
            return new Gathered(null, error.Message);
        }
    }
}
