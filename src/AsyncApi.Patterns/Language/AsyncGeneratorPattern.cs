using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace AsyncApi.Patterns.Language;

internal sealed record AsyncGeneratorParameters
{
    [Description("How many values the first generator yields."), Range(1, 20)]
    public int Count { get; init; } = 3;

    [Description("The wait before each value."), Range(0, 1)]
    public double Seconds { get; init; } = 0.1;

    [Description("What is sent into the second generator, which answers with the mean so far."), Length(1, 20), ElementRange(-1000, 1000)]
    public IReadOnlyList<double> Sent { get; init; } = [10, 20, 60];
}

internal sealed record AsyncGeneratorResult(IReadOnlyList<int> Values, IReadOnlyList<double> Means, int ClosedAfter);

internal sealed class AsyncGeneratorPattern() : Pattern<AsyncGeneratorParameters>(
    "async-generator",
    "A function that yields, and is sent values",
    "Runs to its end, the code behind the last yield runs too; sent a value, it goes on with it; closed early, only its finally runs.",
    asyncio: "async def with yield, asend, aclose",
    dotnet: "async IAsyncEnumerable with yield return; a slot for what is sent; DisposeAsync")
{
    protected override async Task<object?> RunAsync(AsyncGeneratorParameters parameters, PatternRun run, CancellationToken token)
    {
        List<int> values = [];
        await foreach (int value in CountAsync("counted", parameters, run, token))
        {
            values.Add(value);
        }

        Slot slot = new();
        await using IAsyncEnumerator<double> mean = MeanAsync(slot, run).GetAsyncEnumerator(token);
        await mean.MoveNextAsync();
        List<double> means = [];
        foreach (double number in parameters.Sent)
        {
            means.Add(await SendAsync(mean, slot, number));
        }

        return new AsyncGeneratorResult(values, means, await CloseEarlyAsync(parameters, run, token));
    }

    private static async IAsyncEnumerable<int> CountAsync(
        string task, AsyncGeneratorParameters parameters, PatternRun run, [EnumeratorCancellation] CancellationToken token)
    {
        try
        {
            for (int value = 1; value <= parameters.Count; value++)
            {
                await run.Delay(parameters.Seconds, token);
                run.Event(task, $"before yield {value}");
                yield return value;
                run.Event(task, $"after yield {value}");
            }

            run.Event(task, "behind the last yield");
        }
        finally
        {
            run.Event(task, "finally");
        }
    }

    /// <summary>Its first value, before anything was sent, is 0: Python's <c>asend(None)</c>.</summary>
    private static async IAsyncEnumerable<double> MeanAsync(Slot slot, PatternRun run)
    {
        double sum = 0;
        for (int count = 0; ; count++)
        {
            yield return count == 0 ? 0 : sum / count;
            run.Event("mean", $"was sent {slot.Value}");
            sum += slot.Value;
            await Task.Yield();
        }
    }

    // The slot is read behind the yield, so its value is there when the generator goes on.
    private static async Task<double> SendAsync(IAsyncEnumerator<double> generator, Slot slot, double value)
    {
        slot.Value = value;
        await generator.MoveNextAsync();
        return generator.Current;
    }

    private static async Task<int> CloseEarlyAsync(AsyncGeneratorParameters parameters, PatternRun run, CancellationToken token)
    {
        IAsyncEnumerator<int> generator = CountAsync("closed early", parameters, run, token).GetAsyncEnumerator(token);
        await generator.MoveNextAsync();
        int value = generator.Current;
        await generator.DisposeAsync();
        return value;
    }

    private sealed class Slot
    {
        public double Value { get; set; }
    }
}
