namespace AsyncApi.Jobs;

/// <summary>Holds an answer until a job is over, for <c>Prefer: wait</c>.</summary>
internal sealed class JobWaiting(JobStore jobs, JobSignals signals, TimeProvider time)
{
    /// <summary>The job when it is over or when the time has passed, whichever comes first; null when there is none.</summary>
    public async Task<Job?> UntilOverAsync(Guid id, TimeSpan atMost, CancellationToken token)
    {
        using JobWatch watch = signals.Watch(id);
        using CancellationTokenSource patience = new(atMost, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, token);
        while (true)
        {
            Task next = watch.Next;
            Job? job = await jobs.FindAsync(id, token);
            if (job is null || job.Status.IsOver() || patience.IsCancellationRequested)
            {
                return job;
            }

            try
            {
                await next.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                // The time has passed: one more look at the row.
            }
        }
    }
}
