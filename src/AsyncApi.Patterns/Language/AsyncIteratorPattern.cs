using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Language;

internal sealed record AsyncIteratorParameters
{
    [Description("How far the counter counts."), Range(1, 50)]
    public int Count { get; init; } = 5;

    [Description("The value after which the loop is left."), Range(1, 50)]
    public int LeaveAfter { get; init; } = 3;

    [Description("The wait before each value."), Range(0, 1)]
    public double Seconds { get; init; } = 0.2;
}

internal sealed class AsyncIteratorPattern() : Pattern<AsyncIteratorParameters>(
    "async-iterator",
    "Values that come one after the other",
    "Each value is there as soon as it comes; leaving the loop early disposes the iterator.",
    asyncio: "__aiter__ and __anext__, async for",
    dotnet: "IAsyncEnumerable, IAsyncEnumerator, await foreach")
{
    protected override async Task<object?> RunAsync(AsyncIteratorParameters parameters, PatternRun run, CancellationToken token)
    {
        List<int> values = [];
        await foreach (int value in new Counter(run, parameters.Count, parameters.Seconds).WithCancellation(token))
        {
            run.Event("loop", $"value {value}");
            values.Add(value);
            if (value == parameters.LeaveAfter)
            {
                break;
            }
        }

        return values;
    }

    // Written out, as Python's two dunder methods are; the compiler writes the same for a method with "yield return".
    private sealed class Counter(PatternRun run, int count, double seconds) : IAsyncEnumerable<int>
    {
        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Enumerator(run, count, seconds, cancellationToken);
    }

    private sealed class Enumerator(PatternRun run, int count, double seconds, CancellationToken token) : IAsyncEnumerator<int>
    {
        public int Current { get; private set; }

        // False is Python's StopAsyncIteration.
        public async ValueTask<bool> MoveNextAsync()
        {
            if (Current == count)
            {
                return false;
            }

            await run.Delay(seconds, token);
            Current++;
            return true;
        }

        public ValueTask DisposeAsync()
        {
            run.Event("counter", $"disposed at {Current} of {count}");
            return ValueTask.CompletedTask;
        }
    }
}
