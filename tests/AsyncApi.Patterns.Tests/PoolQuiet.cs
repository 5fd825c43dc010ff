using System.Diagnostics;

namespace AsyncApi.Patterns.Tests;

/// <summary>Knows when the thread pool has nothing to do: with a clock that stands still, then nothing can happen any more.</summary>
internal sealed class PoolQuiet
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // The test runner keeps a few threads of the pool for itself, for as long as a test runs.
    private readonly int _taken = Taken();

    public void Wait()
    {
        long start = Stopwatch.GetTimestamp();
        int calm = 0;
        SpinWait spin = default;
        while (calm < 5)
        {
            // Work may move from the queue to a thread between two looks, so one look is not enough.
            calm = Busy() <= _taken && ThreadPool.PendingWorkItemCount == 0 && Busy() <= _taken ? calm + 1 : 0;
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"The pool is still busy: {Busy()} threads, {_taken} of them not ours; {ThreadPool.PendingWorkItemCount} queued.");
            spin.SpinOnce();
        }
    }

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
