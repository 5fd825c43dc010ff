using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Tasks;

internal sealed record TaskGroupParameters
{
    [Description("How long each job takes, in seconds."), Length(1, 32), ElementRange(0, 10)]
    public IReadOnlyList<double> Seconds { get; init; } = [0.2, 0.4, 0.6, 0.8, 1];

    [Description("The jobs that fail, counted from 1."), Length(0, 32), ElementRange(1, 32)]
    public IReadOnlyList<int> FailAt { get; init; } = [3];

    [Description("The jobs that fail when they clean up after having been cancelled, counted from 1."), Length(0, 32), ElementRange(1, 32)]
    public IReadOnlyList<int> FailCleanupAt { get; init; } = [];

    [Description("As a group, in which one error cancels the others; if not, as Task.WhenAll, in which it doesn't.")]
    public bool Structured { get; init; } = true;
}

internal sealed class TaskGroupPattern() : Pattern<TaskGroupParameters>(
    "task-group",
    "All or none",
    "The first error cancels the siblings; the group ends when all have ended, and all errors come out together.",
    asyncio: "asyncio.TaskGroup",
    dotnet: "linked CancellationTokenSource, Task.WhenAll, AggregateException")
{
    protected override async Task<object?> RunAsync(TaskGroupParameters parameters, PatternRun run, CancellationToken token)
    {
        if (!parameters.Structured)
            return await WhenAllAsync([.. parameters.Seconds.Select((seconds, index) => JobAsync(index + 1, seconds, token))]);

        using TaskGroup group = new(token);
        List<Task<string>> jobs = [.. parameters.Seconds.Select((seconds, index) => group.Start(inner => JobAsync(index + 1, seconds, inner)))];
        await group.EndAsync();
        return await Task.WhenAll(jobs);

        Task<string> JobAsync(int number, double seconds, CancellationToken cancelled) => run.SpanAsync(
            $"job {number}",
            async inner =>
            {
                try
                {
                    await run.Delay(seconds, inner);
                }
                catch (OperationCanceledException cause) when (parameters.FailCleanupAt.Contains(number))
                {
                    throw new InvalidOperationException($"clean-up failed at {number}", cause);
                }

                return parameters.FailAt.Contains(number) ? throw new InvalidOperationException($"boom at {number}") : $"job {number} done";
            },
            cancelled);
    }

    private static async Task<string[]> WhenAllAsync(IReadOnlyList<Task<string>> jobs)
    {
        Task<string[]> all = Task.WhenAll(jobs);
        await ((Task)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // An await throws the first error alone; the task holds them all.
        return all.Exception is { } errors ? throw errors : await all;
    }

    /// <summary>Tasks that live and die together. Nothing that was started in it outlives <see cref="EndAsync"/>.</summary>
    private sealed class TaskGroup(CancellationToken token) : IDisposable
    {
        private readonly CancellationTokenSource _scope = CancellationTokenSource.CreateLinkedTokenSource(token);
        private readonly List<Task> _tasks = [];

        public Task<T> Start<T>(Func<CancellationToken, Task<T>> body)
        {
            Task<T> task = GuardAsync(body);
            _tasks.Add(task);
            return task;
        }

        /// <exception cref="AggregateException">Tasks failed; those that were cancelled are not among the errors.</exception>
        public async Task EndAsync()
        {
            await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Exception[] errors = [.. _tasks.SelectMany(task => task.Exception?.InnerExceptions ?? [])];
            if (errors.Length > 0)
                throw new AggregateException(errors);
        }

        public void Dispose() => _scope.Dispose();

        private async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> body)
        {
            try
            {
                return await body(_scope.Token);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                await _scope.CancelAsync();
                throw;
            }
        }
    }
}
