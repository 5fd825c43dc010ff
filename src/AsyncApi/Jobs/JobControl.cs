namespace AsyncApi.Jobs;

/// <summary>What users do to jobs: the row first, then the worker that has it.</summary>
internal sealed class JobControl(JobStore jobs, JobSignals signals, RunningJobs running, JobWakeUp wakeUp)
{
    /// <summary>Null when there is no such job. When this returns, running work has been told and nothing new of it begins.</summary>
    public async Task<Job?> CancelAsync(Guid id, CancellationToken token)
    {
        Job? job = await jobs.CancelAsync(id, token);
        if (job?.Status == JobStatus.Cancelling)
        {
            await running.CancelAsync(id);
            signals.Changed(id);
            wakeUp.Ring();
        }

        return job;
    }
}
