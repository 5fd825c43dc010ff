namespace AsyncApi.Jobs;

/// <summary>What users do to jobs: the row first, then the worker that has it.</summary>
internal sealed class JobControl(
    JobControlStore jobs, JobKinds kinds, JobStore rows, JobSignals signals, RunningJobs running, JobWakeUp wakeUp,
    JobDeletionStore deletions, JobRemovals removals)
{
    /// <summary>Null when there is no such job. When this returns, running work has been told and nothing new of it begins.</summary>
    public async Task<Job?> CancelAsync(Guid id, CancellationToken token)
    {
        Job? job = await jobs.CancelAsync(id, token);
        if (job?.Status == JobStatus.Cancelling)
        {
            await running.CancelAsync(id);
            Announce(id);
        }

        return job;
    }

    /// <summary>When this returns, running work has been told and begins nothing new.</summary>
    public Task<JobChange> PauseAsync(Guid id, CancellationToken token) =>
        ChangeAsync(id, jobs.PauseAsync, job => job.Status == JobStatus.Paused ? running.PauseAsync(id) : Task.CompletedTask, token);

    public Task<JobChange> ResumeAsync(Guid id, CancellationToken token) => ChangeAsync(id, jobs.ResumeAsync, _ => Task.CompletedTask, token);

    /// <summary>When this returns, the job is gone for everybody; its data follow.</summary>
    public async Task<JobDeletion> DeleteAsync(Guid id, CancellationToken token)
    {
        JobDeletion deletion = await deletions.DeleteAsync(id, token);
        if (deletion.IsDeleted)
        {
            signals.Turned(id);
        }

        if (deletion.Removal is { } removal)
        {
            // No token: it is deleted, whoever still listens.
            await removals.AddAsync(removal, CancellationToken.None);
        }

        return deletion;
    }

    private async Task<JobChange> ChangeAsync(
        Guid id, Func<Guid, CancellationToken, Task<Job?>> change, Func<Job, Task> tell, CancellationToken token)
    {
        Job? job = await rows.FindAsync(id, token);
        if (job is null)
        {
            return new JobChange.Missing();
        }

        if (!kinds.CanPause(job.Kind))
        {
            return new JobChange.Refused($"A job of the kind {job.Kind} can't be paused.");
        }

        job = await change(id, token);
        if (job is null)
        {
            return new JobChange.Missing();
        }

        if (job.Status.IsOver() || job.Status == JobStatus.Cancelling)
        {
            return new JobChange.Refused(job.Status.IsOver() ? "The job is over." : "The job is being cancelled.");
        }

        await tell(job);
        Announce(id);
        return new JobChange.Done(job);
    }

    private void Announce(Guid id)
    {
        signals.Turned(id);
        wakeUp.Ring();
    }
}

/// <summary>What came of a user's wish.</summary>
internal abstract record JobChange
{
    public sealed record Missing : JobChange;

    public sealed record Refused(string Why) : JobChange;

    /// <summary>The job as it is now; also when it was so before.</summary>
    public sealed record Done(Job Job) : JobChange;
}
