namespace AsyncApi.Jobs;

/// <summary>Holds an answer until a job is over, for <c>Prefer: wait</c>.</summary>
internal sealed class JobWaiting(JobStore jobs, JobSignals signals, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>The job when it is over, when the time has passed or when the service stops, whichever comes first; null when there is none.</summary>
    public async Task<Job?> UntilOverAsync(Guid id, TimeSpan atMost, CancellationToken token)
    {
        using JobWatch watch = signals.Watch(id);
        using CancellationTokenSource patience = new(atMost, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, lifetime.ApplicationStopping, token);
        while (true)
        {
            Task next = watch.NextTurn;
            Job? job = either.IsCancellationRequested ? await jobs.FindAsync(id, token) : await watch.ReadAsync(jobs).WaitAsync(token);
            if (job is null || job.Status.IsOver() || either.IsCancellationRequested)
            {
                return job;
            }

            try
            {
                await next.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                // The time has passed, or an answer held longer would hold up the stop: one more look at the row.
            }
        }
    }
}
