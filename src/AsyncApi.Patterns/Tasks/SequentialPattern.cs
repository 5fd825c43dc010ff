using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Tasks;

internal sealed record SequentialParameters
{
    [Description("How long A takes, in seconds."), Range(0.0, 10.0)]
    public double First { get; init; } = 1;

    [Description("How long B takes, in seconds."), Range(0.0, 10.0)]
    public double Second { get; init; } = 2;
}

internal sealed class SequentialPattern() : Pattern<SequentialParameters>(
    "sequential",
    "One after the other",
    "Each await waits for its call before the next one starts: the times add up.",
    asyncio: "await",
    dotnet: "await")
{
    protected override async Task<object?> RunAsync(SequentialParameters parameters, PatternRun run, CancellationToken token)
    {
        string a = await FetchAsync("A", parameters.First);
        string b = await FetchAsync("B", parameters.Second);
        return new[] { a, b };

        Task<string> FetchAsync(string name, double seconds) => run.SpanAsync(
            name,
            async inner =>
            {
                await run.Delay(seconds, inner);
                return $"{name}:{seconds}";
            },
            token);
    }
}
