using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Tasks;

internal sealed record HelloParameters
{
    [Description("How long to wait between the two words, in seconds."), Range(0.0, 10.0)]
    public double Seconds { get; init; } = 1;
}

internal sealed class HelloPattern() : Pattern<HelloParameters>(
    "hello",
    "Hello, wait, World",
    "A wait gives the thread back: between the two words nothing is held but a timer.",
    asyncio: "asyncio.run, asyncio.sleep",
    dotnet: "async Main, Task.Delay")
{
    protected override async Task<object?> RunAsync(HelloParameters parameters, PatternRun run, CancellationToken token)
    {
        await run.SpanAsync(
            "main",
            async inner =>
            {
                run.Event("main", "Hello");
                await run.Delay(parameters.Seconds, inner);
                run.Event("main", "World");
            },
            token);
        return null;
    }
}
