using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Tasks;

internal sealed record GatherParameters
{
    [Description("How long each fetch takes, in seconds."), Length(1, 32), ElementRange(0, 10)]
    public IReadOnlyList<double> Seconds { get; init; } = [2, 0.5, 1];
}

internal sealed class GatherPattern() : Pattern<GatherParameters>(
    "gather",
    "Many at once, answers in order",
    "All start at once and the whole takes as long as the longest. The results come in the order of the calls, whichever ends first.",
    asyncio: "asyncio.gather",
    dotnet: "Task.WhenAll")
{
    protected override async Task<object?> RunAsync(GatherParameters parameters, PatternRun run, CancellationToken token)
    {
        // The list is what starts them all: a query alone would start each one only when somebody came by.
        List<Task<string>> fetches = [.. parameters.Seconds.Select((seconds, index) => FetchAsync(index + 1, seconds))];
        return await Task.WhenAll(fetches);

        Task<string> FetchAsync(int number, double seconds) => run.SpanAsync(
            $"fetch {number}",
            async inner =>
            {
                await run.Delay(seconds, inner);
                return $"page {number}";
            },
            token);
    }
}
