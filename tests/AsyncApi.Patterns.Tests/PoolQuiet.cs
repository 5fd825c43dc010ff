using System.Diagnostics;

namespace AsyncApi.Patterns.Tests;

/// <summary>Knows when nothing of a run is left to do at the present instant: with a clock that stands still, then nothing can happen any more.</summary>
internal sealed class PoolQuiet
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Flows with the run's code wherever it goes on, and tells of each thread that takes it up and lays it down.
    private readonly AsyncLocal<bool> _ofTheRun;

    // The test runner keeps a few threads of the pool for itself, most of them for as long as a test runs.
    private readonly int _taken = Taken();
    private int _running;

    public PoolQuiet() => _ofTheRun = new(change => Interlocked.Add(ref _running, change.CurrentValue ? 1 : -1));

    /// <summary>Starts what is to be watched.</summary>
    public T Start<T>(Func<T> start)
    {
        _ofTheRun.Value = true;
        try
        {
            return start();
        }
        finally
        {
            _ofTheRun.Value = false;
        }
    }

    /// <summary>Returns when no thread runs code of the run and none is about to.</summary>
    public void Wait()
    {
        long start = Stopwatch.GetTimestamp();
        int calm = 0;
        SpinWait spin = default;
        while (calm < 5)
        {
            // Work may move from the queue to a thread between two looks, so one look is not enough.
            calm = IsIdle() && ThreadPool.PendingWorkItemCount == 0 && IsIdle() ? calm + 1 : 0;
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException(
                    $"The pool is still busy: {Busy()} threads, {_taken} of them not ours, {_running} surely ours; {ThreadPool.PendingWorkItemCount} queued.");
            }

            spin.SpinOnce();
        }
    }

    // Counting busy threads alone would take one of the run for one of the runner's that has ended meanwhile. Knowing those of the run
    // alone would miss one that has just taken work from the queue.
    private bool IsIdle() => Busy() <= _taken && Volatile.Read(ref _running) == 0;

    private static int Taken()
    {
        int least = int.MaxValue;
        long start = Stopwatch.GetTimestamp();
        while (least > 0 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(20))
        {
            least = Math.Min(least, Busy());
            Thread.Yield();
        }

        return least;
    }

    private static int Busy()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int free, out _);
        return most - free;
    }
}
