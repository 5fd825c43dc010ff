using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Coordination;

internal sealed record ConditionParameters
{
    [Description("How many wait for an item."), Range(1, 20)]
    public int Waiters { get; init; } = 3;

    [Description("How long until the next item comes, in seconds."), Range(0.0, 5.0)]
    public double Every { get; init; } = 1;

    [Description("Wake all for each item. If not, one is woken.")]
    public bool NotifyAll { get; init; }
}

/// <summary>Who got an item, in order, and how often somebody was woken for it.</summary>
internal sealed record ConditionResult(IReadOnlyList<string> Served, int WakeUps);

internal sealed class ConditionPattern() : Pattern<ConditionParameters>(
    "condition",
    "Wait until something is so",
    "Who waits gives the lock away and has it again when it wakes. Notify wakes as many as are named, in order; each looks again whether it is so.",
    asyncio: "asyncio.Condition",
    dotnet: "SemaphoreSlim(1, 1) and a queue of TaskCompletionSource; mostly a Channel is simpler")
{
    protected override async Task<object?> RunAsync(ConditionParameters parameters, PatternRun run, CancellationToken token)
    {
        using AsyncCondition condition = new();
        int items = 0;
        int wakeUps = 0;
        List<string> served = [];
        IEnumerable<string> names = Enumerable.Range(1, parameters.Waiters).Select(number => $"waiter {number}");
        List<Task> waiters = [.. names.Select(name => run.SpanAsync(name, inner => TakeAsync(name, inner), token))];
        await Task.WhenAll([.. waiters, run.SpanAsync("producer", ProduceAsync, token)]);
        return new ConditionResult(served, wakeUps);

        async Task ProduceAsync(CancellationToken inner)
        {
            for (int item = 0; item < parameters.Waiters; item++)
            {
                await run.Delay(parameters.Every, inner);
                await condition.EnterAsync(inner);
                try
                {
                    items++;
                    condition.Notify(parameters.NotifyAll ? int.MaxValue : 1);
                }
                finally
                {
                    condition.Exit();
                }
            }
        }

        async Task TakeAsync(string name, CancellationToken inner)
        {
            await condition.EnterAsync(inner);
            try
            {
                // A loop, not an if: between the wake-up and the lock somebody else may have been here.
                while (items == 0)
                {
                    await condition.WaitAsync(inner);
                    run.Event(name, items > 0 ? "wakes" : "wakes for nothing");
                    wakeUps++;
                }

                items--;
                served.Add(name);
            }
            finally
            {
                condition.Exit();
            }
        }
    }

    /// <summary>A lock in which one can wait to be woken. All but <see cref="EnterAsync"/> is for those inside.</summary>
    internal sealed class AsyncCondition : IDisposable
    {
        private readonly SemaphoreSlim _lock = new(1, 1);
        private readonly Queue<TaskCompletionSource> _turns = new();

        public Task EnterAsync(CancellationToken token) => _lock.WaitAsync(token);

        public void Exit() => _lock.Release();

        /// <summary>Leaves the lock, waits for its turn and enters again; it does so, too, when it is cancelled.</summary>
        public async Task WaitAsync(CancellationToken token)
        {
            TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _turns.Enqueue(turn);
            Exit();
            await turn.Task.WaitAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _lock.WaitAsync(CancellationToken.None);

            // Who was woken keeps that, be it cancelled by now: a turn that is thrown away would leave the next one asleep.
            if (turn.TrySetCanceled(token))
                token.ThrowIfCancellationRequested();
        }

        public void Notify(int count)
        {
            while (count > 0 && _turns.TryDequeue(out TaskCompletionSource? turn))
            {
                // Those who were cancelled have left their place in the queue, and don't count.
                if (turn.TrySetResult())
                    count--;
            }
        }

        public void Dispose() => _lock.Dispose();
    }
}
