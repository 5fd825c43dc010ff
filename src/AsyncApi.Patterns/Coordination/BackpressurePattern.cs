using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Threading.Channels;

namespace AsyncApi.Patterns.Coordination;

internal sealed record BackpressureParameters
{
    [Description("How many items are produced."), Range(1, 200)]
    public int Items { get; init; } = 30;

    [Description("How long it takes to produce an item, in seconds."), Range(0.0, 1.0)]
    public double Produce { get; init; } = 0.05;

    [Description("How many wait in the queue at most."), Range(1, 100)]
    public int Capacity { get; init; } = 10;

    [Description("How many are handled together."), Range(1, 100)]
    public int Batch { get; init; } = 8;

    [Description("How long an item of a batch takes at least, in seconds."), Range(0.0, 1.0)]
    public double HandleFrom { get; init; } = 0.1;

    [Description("How long an item of a batch takes at most, in seconds."), Range(0.0, 1.0)]
    public double HandleTo { get; init; } = 0.3;
}

/// <summary>The sizes of the batches, and how long the producer was held in all.</summary>
internal sealed record BackpressureResult(IReadOnlyList<int> Batches, double HeldMs);

internal sealed class BackpressurePattern() : Pattern<BackpressureParameters>(
    "backpressure",
    "The slow one sets the pace",
    "A full queue holds the producer, so that memory stays bounded; items are handled in batches, and what is left at the end is handled, too.",
    asyncio: "asyncio.Queue(maxsize)",
    dotnet: "Channel.CreateBounded, WriteAsync")
{
    protected override async Task<object?> RunAsync(BackpressureParameters parameters, PatternRun run, CancellationToken token)
    {
        Channel<int> queue = Channel.CreateBounded<int>(parameters.Capacity);
        List<int> batches = [];
        double heldMs = 0;
        await Task.WhenAll(run.SpanAsync("producer", ProduceAsync, token), run.SpanAsync("consumer", ConsumeAsync, token));
        return new BackpressureResult(batches, heldMs);

        async Task ProduceAsync(CancellationToken inner)
        {
            for (int item = 1; item <= parameters.Items; item++)
            {
                await run.Delay(parameters.Produce, inner);
                double before = run.Trace.ElapsedMs;
                await queue.Writer.WriteAsync(item, inner);
                double held = run.Trace.ElapsedMs - before;
                heldMs += held;
                if (held > 0)
                    run.Event("producer", $"was held for {held} ms with item {item}");
            }

            // Without this the consumer would wait for ever, and its last batch with it.
            queue.Writer.Complete();
        }

        async Task ConsumeAsync(CancellationToken inner)
        {
            List<int> batch = [];
            await foreach (int item in queue.Reader.ReadAllAsync(inner))
            {
                batch.Add(item);
                if (batch.Count == parameters.Batch)
                    await HandleAsync(batch, inner);
            }

            if (batch.Count > 0)
                await HandleAsync(batch, inner);
        }

        async Task HandleAsync(List<int> batch, CancellationToken inner)
        {
            double spread = Math.Max(parameters.HandleTo - parameters.HandleFrom, 0);
            await run.Delay(batch.Sum(_ => parameters.HandleFrom + (spread * run.Random.NextDouble())), inner);
            run.Event("consumer", $"has handled {batch.Count}");
            batches.Add(batch.Count);
            batch.Clear();
        }
    }
}
