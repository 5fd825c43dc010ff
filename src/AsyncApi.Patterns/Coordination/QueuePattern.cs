using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Threading.Channels;

namespace AsyncApi.Patterns.Coordination;

internal enum QueueEnd
{
    Join,
    Sentinel,
}

internal sealed record QueueParameters
{
    [Description("How many items are produced."), Range(1, 100)]
    public int Items { get; init; } = 10;

    [Description("How many wait in the queue at most."), Range(1, 100)]
    public int Capacity { get; init; } = 5;

    [Description("How many consumers there are."), Range(1, 16)]
    public int Consumers { get; init; } = 2;

    [Description("How long it takes to produce an item, in seconds."), Range(0.0, 2.0)]
    public double Produce { get; init; } = 0.1;

    [Description("How long it takes to consume an item, in seconds."), Range(0.0, 2.0)]
    public double Consume { get; init; } = 0.5;

    [Description("Wait for the last item to be done and cancel the consumers, or let the end of the queue send them home.")]
    public QueueEnd End { get; init; } = QueueEnd.Join;
}

/// <summary>The items in the order in which they were done, and the most that ever waited.</summary>
internal sealed record QueueResult(IReadOnlyList<int> Done, int MostWaiting);

internal sealed class QueuePattern() : Pattern<QueueParameters>(
    "queue",
    "Producer and consumers",
    "A full queue holds the producer, an empty one the consumers. Join returns when every item that was put is done, not when it was taken.",
    asyncio: "asyncio.Queue, task_done, join",
    dotnet: "Channel.CreateBounded, Complete; a count for join")
{
    protected override async Task<object?> RunAsync(QueueParameters parameters, PatternRun run, CancellationToken token)
    {
        WorkQueue<int> queue = new(parameters.Capacity);
        List<int> done = [];
        Lock gate = new();
        int mostWaiting = 0;
        using CancellationTokenSource working = CancellationTokenSource.CreateLinkedTokenSource(token);
        List<Task> consumers = [.. Enumerable.Range(1, parameters.Consumers).Select(number => ConsumerAsync($"consumer {number}"))];
        try
        {
            await run.SpanAsync("producer", ProduceAsync, token);
            await (parameters.End == QueueEnd.Join ? queue.JoinAsync(token) : queue.CompleteAsync(consumers));
            run.Event("main", $"{parameters.End} returns");
        }
        finally
        {
            // Joined consumers wait for a next item that never comes.
            await working.CancelAsync();
            await Task.WhenAll(consumers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return new QueueResult(done, mostWaiting);

        async Task ProduceAsync(CancellationToken inner)
        {
            for (int item = 1; item <= parameters.Items; item++)
            {
                await run.Delay(parameters.Produce, inner);
                await queue.PutAsync(item, inner);
                mostWaiting = Math.Max(mostWaiting, queue.Count);
                run.Event("producer", $"put {item}");
            }
        }

        Task ConsumerAsync(string name) => run.SpanAsync(
            name,
            async inner =>
            {
                await foreach (int item in queue.GetAllAsync(inner))
                {
                    run.Event(name, $"takes {item}");
                    await run.Delay(parameters.Consume, inner);
                    lock (gate)
                        done.Add(item);
                    run.Event(name, $"has done {item}");
                    queue.TaskDone();
                }
            },
            working.Token);
    }

    /// <summary>A channel that knows how many of its items are not done yet.</summary>
    private sealed class WorkQueue<T>(int capacity)
    {
        private readonly Channel<T> _items = Channel.CreateBounded<T>(capacity);
        private readonly TaskCompletionSource _allDone = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // One for the producer, which JoinAsync takes back: before that, no count of the others is the last word.
        private int _open = 1;

        public int Count => _items.Reader.Count;

        public ValueTask PutAsync(T item, CancellationToken token)
        {
            Interlocked.Increment(ref _open);
            return _items.Writer.WriteAsync(item, token);
        }

        public IAsyncEnumerable<T> GetAllAsync(CancellationToken token) => _items.Reader.ReadAllAsync(token);

        public void TaskDone()
        {
            if (Interlocked.Decrement(ref _open) == 0)
                _allDone.SetResult();
        }

        /// <summary>Nothing more is put: each consumer leaves when it finds the queue empty. Returns when all have left.</summary>
        public Task CompleteAsync(IEnumerable<Task> consumers)
        {
            _items.Writer.Complete();
            return Task.WhenAll(consumers);
        }

        /// <summary>Once, when nothing more is put: returns when every item is done.</summary>
        public Task JoinAsync(CancellationToken token)
        {
            TaskDone();
            return _allDone.Task.WaitAsync(token);
        }
    }
}
