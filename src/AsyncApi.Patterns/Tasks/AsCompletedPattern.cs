using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Tasks;

internal sealed record AsCompletedParameters
{
    [Description("How long each task takes, in seconds."), Length(1, 32), ElementRange(0, 10)]
    public IReadOnlyList<double> Seconds { get; init; } = [2, 1, 3];
}

internal sealed class AsCompletedPattern() : Pattern<AsCompletedParameters>(
    "as-completed",
    "Each result when it is there",
    "The results come in the order in which the tasks end, each at that moment.",
    asyncio: "asyncio.as_completed",
    dotnet: "Task.WhenEach, await foreach")
{
    protected override async Task<object?> RunAsync(AsCompletedParameters parameters, PatternRun run, CancellationToken token)
    {
        List<Task<double>> tasks = [.. parameters.Seconds.Select((seconds, index) => WorkAsync(index + 1, seconds))];
        List<double> results = [];
        await foreach (Task<double> ended in Task.WhenEach(tasks).WithCancellation(token))
        {
            // It has ended, so this doesn't wait: it takes the result out, or throws the error.
            double result = await ended;
            run.Event("main", $"result {result}");
            results.Add(result);
        }

        return results;

        Task<double> WorkAsync(int number, double seconds) => run.SpanAsync(
            $"task {number}",
            async inner =>
            {
                await run.Delay(seconds, inner);
                return seconds;
            },
            token);
    }
}
