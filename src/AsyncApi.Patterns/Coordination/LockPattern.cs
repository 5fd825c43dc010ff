using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Coordination;

internal sealed record LockParameters
{
    [Description("How many want the resource."), Range(1, 20)]
    public int Tasks { get; init; } = 3;

    [Description("How long each has it, in seconds."), Range(0.0, 5.0)]
    public double Hold { get; init; } = 1;
}

internal sealed class LockPattern() : Pattern<LockParameters>(
    "lock",
    "One at a time",
    "One has the resource and the others wait without holding a thread; they get it in the order in which they came.",
    asyncio: "asyncio.Lock",
    dotnet: "SemaphoreSlim(1, 1); lock can't hold over an await (CS1996)")
{
    protected override async Task<object?> RunAsync(LockParameters parameters, PatternRun run, CancellationToken token)
    {
        using SemaphoreSlim gate = new(1, 1);
        List<string> order = [];
        await Task.WhenAll(Enumerable.Range(1, parameters.Tasks).Select(number => UseAsync($"task {number}")));
        return order;

        async Task UseAsync(string name)
        {
            run.Event(name, "wants it");

            // Async waiters stand in a queue. The documentation promises no order; a test of ours holds it.
            await gate.WaitAsync(token);
            try
            {
                // A plain list will do: whoever is here is alone.
                order.Add(name);
                await run.SpanAsync(name, inner => run.Delay(parameters.Hold, inner), token);
            }
            finally
            {
                gate.Release();
            }
        }
    }
}
