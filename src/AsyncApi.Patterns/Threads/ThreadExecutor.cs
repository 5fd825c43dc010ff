using System.Collections.Concurrent;

namespace AsyncApi.Patterns.Threads;

/// <summary>
/// A fixed number of threads and a bounded queue before them: Python's <c>ThreadPoolExecutor</c>. The runtime's own pool has
/// no fixed size: blocked threads make it grow, about two a second, while everything else in the program waits.
/// </summary>
internal sealed class ThreadExecutor : IDisposable
{
    private const int MaxQueued = PatternRun.MaxTasks;

    private readonly BlockingCollection<Action> _calls = new(MaxQueued);
    private readonly List<Thread> _threads = [];

    public ThreadExecutor(int threads)
    {
        for (int number = 1; number <= threads; number++)
        {
            Thread thread = new(Work) { IsBackground = true, Name = $"executor {number}" };
            thread.Start();
            _threads.Add(thread);
        }
    }

    /// <summary>The caller's context does not come along, as with <c>run_in_executor</c>.</summary>
    public Task<T> Submit<T>(Func<T> call)
    {
        // The awaiter must not run on the executor's thread: it would take the place of the next call.
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Add(() => Complete(call, result));
        return result.Task;
    }

    /// <summary>Takes no more calls and waits for those that it has.</summary>
    public void Dispose()
    {
        _calls.CompleteAdding();
        _threads.ForEach(thread => thread.Join());
        _calls.Dispose();
    }

    private static void Complete<T>(Func<T> call, TaskCompletionSource<T> result)
    {
        try
        {
            result.SetResult(call());
        }
#pragma warning disable CA1031 // All of them belong to whoever awaits the result; here they would end the process.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            result.SetException(failure);
        }
    }

    private void Work()
    {
        foreach (Action call in _calls.GetConsumingEnumerable())
        {
            call();
        }
    }
}
