using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Jobs;

/// <summary>Writes down what users want of their jobs. Who works on one is told after the commit, and could read it here at any time.</summary>
internal sealed class JobControlStore(Database database, TimeProvider time)
{
    /// <summary>
    /// Notes the wish; the job's worker, or for a queued one the next claim, brings it to its end. Null when there is no such
    /// job, else the job as it is now: one that is over stays as it is.
    /// </summary>
    public Task<Job?> CancelAsync(Guid id, CancellationToken token) =>
        ChangeAsync(
            id,
            (jobs, now, stop) => jobs
                .Where(job => job.Status == JobStatus.Scheduled || job.Status == JobStatus.Queued
                    || job.Status == JobStatus.Running || job.Status == JobStatus.Paused)
                .ExecuteUpdateAsync(job => job.SetProperty(row => row.Status, JobStatus.Cancelling).SetProperty(row => row.ChangedAt, now), stop),
            token);

    /// <summary>The job rests until it is resumed, across restarts too. Its worker hands it back; nobody claims it. Null when there is no such job.</summary>
    public Task<Job?> PauseAsync(Guid id, CancellationToken token) =>
        ChangeAsync(
            id,
            (jobs, now, stop) => jobs
                .Where(job => job.Status == JobStatus.Scheduled || job.Status == JobStatus.Queued || job.Status == JobStatus.Running)
                .ExecuteUpdateAsync(job => job.SetProperty(row => row.Status, JobStatus.Paused).SetProperty(row => row.ChangedAt, now), stop),
            token);

    /// <summary>
    /// Back to where it would be without the pause: to the queue, to its worker when that has not handed it back yet, or to
    /// waiting for its time. Null when there is no such job.
    /// </summary>
    public Task<Job?> ResumeAsync(Guid id, CancellationToken token) =>
        ChangeAsync(
            id,
            (jobs, now, stop) => jobs
                .Where(job => job.Status == JobStatus.Paused)
                .ExecuteUpdateAsync(
                    job => job
                        .SetProperty(
                            row => row.Status,
                            row => row.Owner != null ? JobStatus.Running : row.DueAt > now ? JobStatus.Scheduled : JobStatus.Queued)
                        .SetProperty(row => row.ChangedAt, now),
                    stop),
            token);

    /// <summary>Those of the worker's jobs that it should not go on with.</summary>
    public async Task<IReadOnlyList<Job>> FindWishesAsync(Guid owner, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<Job>()
            .Where(job => job.Owner == owner && (job.Status == JobStatus.Cancelling || job.Status == JobStatus.Paused))
            .ToListAsync(token);
    }

    private Task<Job?> ChangeAsync(
        Guid id, Func<IQueryable<Job>, DateTimeOffset, CancellationToken, Task<int>> change, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                await change(session.Context.Set<Job>().Where(job => job.Id == id), time.GetUtcNow(), stop);
                return await session.Context.Set<Job>().AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, stop);
            },
            token);
}
