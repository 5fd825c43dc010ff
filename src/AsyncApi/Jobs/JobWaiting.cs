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

    /// <summary>
    /// The jobs, in the order of these different ids, when what is waited for has come, when the time has passed or when the service
    /// stops, whichever comes first; null when one of them does not exist.
    /// </summary>
    public async Task<IReadOnlyList<Job>?> UntilAsync(IReadOnlyList<Guid> ids, JobReturnWhen when, TimeSpan atMost, CancellationToken token)
    {
        JobWatch[] watches = [.. ids.Select(signals.Watch)];
        try
        {
            using CancellationTokenSource patience = new(atMost, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, lifetime.ApplicationStopping, token);
            Dictionary<Guid, Job> known = [];
            while (true)
            {
                JobWatch[] open = [.. watches.Where(watch => !known.TryGetValue(watch.Job, out Job? job) || !job.Status.IsOver())];
                Task next = Task.WhenAny(open.Select(watch => watch.NextTurn));
                foreach (Job job in await jobs.FindAsync([.. open.Select(watch => watch.Job)], token))
                {
                    known[job.Id] = job;
                }

                if (known.Count < ids.Count)
                {
                    return null;
                }

                if (Has(when, known.Values) || either.IsCancellationRequested)
                {
                    return [.. ids.Select(id => known[id])];
                }

                await next.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                token.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Array.ForEach(watches, watch => watch.Dispose());
        }
    }

    private static bool Has(JobReturnWhen when, IReadOnlyCollection<Job> jobs) =>
        jobs.All(job => job.Status.IsOver()) || when switch
        {
            JobReturnWhen.FirstCompleted => jobs.Any(job => job.Status.IsOver()),
            JobReturnWhen.FirstFailed => jobs.Any(job => job.Status is JobStatus.Failed or JobStatus.TimedOut),
            _ => false,
        };
}
