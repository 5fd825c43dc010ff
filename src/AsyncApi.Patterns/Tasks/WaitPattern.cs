using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Tasks;

internal enum ReturnWhen
{
    FirstCompleted,
    FirstException,
    AllCompleted,
}

internal sealed record WaitParameters
{
    [Description("How long each task takes, in seconds."), Length(1, 26), ElementRange(0, 10)]
    public IReadOnlyList<double> Seconds { get; init; } = [1, 2, 3];

    [Description("What to wait for.")]
    public ReturnWhen ReturnWhen { get; init; } = ReturnWhen.AllCompleted;

    [Description("How long to wait at most, in seconds."), Range(0.0, 20.0)]
    public double Timeout { get; init; } = 2.5;

    [Description("The task that fails, counted from 1; 0 for none."), Range(0, 26)]
    public int FailAt { get; init; }
}

/// <summary>Who had ended when the wait returned, and who had not.</summary>
internal sealed record WaitResult(IReadOnlyList<string> Done, IReadOnlyList<string> Pending);

internal sealed class WaitPattern() : Pattern<WaitParameters>(
    "wait",
    "Wait for the first, the first error or all",
    "Returns two sets, done and pending. It throws nothing and cancels nothing: what is pending goes on until somebody cancels it.",
    asyncio: "asyncio.wait",
    dotnet: "Task.WhenAny, Task.WhenEach or Task.WhenAll, and WaitAsync(timeout)")
{
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(0.25);

    protected override async Task<object?> RunAsync(WaitParameters parameters, PatternRun run, CancellationToken token)
    {
        using CancellationTokenSource work = CancellationTokenSource.CreateLinkedTokenSource(token);
        Dictionary<string, Task> tasks = parameters.Seconds.Select((seconds, index) => (Index: index, Seconds: seconds))
            .ToDictionary(task => NameOf(task.Index), task => WorkAsync(task.Index, task.Seconds, work.Token), StringComparer.Ordinal);

        try
        {
            await WaitAsync([.. tasks.Values], parameters.ReturnWhen, TimeSpan.FromSeconds(parameters.Timeout), run.Time, token);
            ILookup<bool, string> sets = tasks.ToLookup(task => task.Value.IsCompleted, task => task.Key);
            run.Event("main", $"done: {string.Join(' ', sets[true])}; pending: {string.Join(' ', sets[false])}");
            await run.Delay(Afterwards, token);
            return new WaitResult([.. sets[true]], [.. sets[false]]);
        }
        finally
        {
            // Whatever happened: a source must not be disposed of while tasks still listen to it.
            await work.CancelAsync();
            await Task.WhenAll(tasks.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task WorkAsync(int index, double seconds, CancellationToken cancelled) => run.SpanAsync(
            NameOf(index),
            async inner =>
            {
                await run.Delay(seconds, inner);
                if (index + 1 == parameters.FailAt)
                    throw new InvalidOperationException($"{NameOf(index)} failed");
            },
            cancelled);
    }

    private static async Task WaitAsync(IReadOnlyList<Task> tasks, ReturnWhen returnWhen, TimeSpan timeout, TimeProvider time, CancellationToken token)
    {
        Task enough = returnWhen switch
        {
            ReturnWhen.FirstCompleted => Task.WhenAny(tasks),
            ReturnWhen.FirstException => FirstExceptionAsync(tasks, token),
            _ => Task.WhenAll(tasks),
        };

        // Neither the end of the time nor the error of a task is an error of the wait.
        await enough.WaitAsync(timeout, time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        token.ThrowIfCancellationRequested();
    }

    private static async Task FirstExceptionAsync(IReadOnlyList<Task> tasks, CancellationToken token)
    {
        await foreach (Task ended in Task.WhenEach(tasks).WithCancellation(token))
        {
            if (ended.IsFaulted)
                return;
        }
    }

    // X, Y, Z, A, B …: three tasks are called as the tutorials call them.
    private static string NameOf(int index) => ((char)('A' + ((index + 23) % 26))).ToString();
}
