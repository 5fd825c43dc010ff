using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Jobs;

/// <summary>The jobs' rows: the truth about every job. Each change of state is one statement that also checks the state before.</summary>
internal sealed class JobStore(Database database, TimeProvider time)
{
    /// <summary>Deaths of the process without progress in between, after which a job is not tried again but given up.</summary>
    public const int MaxCrashes = 3;

    /// <summary>
    /// Deaths after which it ends as it stands, since it seems that even giving it up takes the process down. Until then somebody else may
    /// kill the process again and again, and what a job has still to say of its rest is said.
    /// </summary>
    public const int MaxCrashesInAll = 10;

    private const string CountProgress =
        "update jobs set done = ?1, crashes = case when crashes < ?4 then 0 else crashes end where number = ?2 and lease_token = ?3 "
        + "and owner is not null and status in ('running', 'paused', 'cancelling') returning status = 'cancelling'";

    // What everybody asks who polls. Not static: what is compiled belongs to one provider.
    private readonly Func<AppDbContext, Guid, CancellationToken, Task<Job?>> _byId = EF.CompileAsyncQuery(
        static (AppDbContext context, Guid id, CancellationToken token) => context.Set<Job>().SingleOrDefault(job => job.Id == id));

    /// <summary>What is said of a job that is given up for <see cref="MaxCrashes"/>.</summary>
    public static string DiedTooOften { get; } = $"The process died {MaxCrashes} times while it ran this job.";

    public async Task<Job?> FindAsync(Guid id, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await _byId(session.Context, id, token);
    }

    /// <summary>Those there are of these ids, in no order.</summary>
    public async Task<IReadOnlyList<Job>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<Job>().Where(job => ids.Contains(job.Id)).ToListAsync(token);
    }

    /// <summary>Those whose status changed after a time and number, in the order of their last changes.</summary>
    public async Task<IReadOnlyList<Job>> ListChangedAsync(DateTimeOffset after, long number, int limit, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<Job>()
            .Where(job => job.ChangedAt > after || (job.ChangedAt == after && job.Number > number))
            .OrderBy(job => job.ChangedAt).ThenBy(job => job.Number)
            .Take(limit)
            .ToListAsync(token);
    }

    /// <summary>Newest first; one more than asked for, when there is one.</summary>
    public async Task<IReadOnlyList<Job>> ListAsync(JobFilter filter, long? before, int limit, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        IQueryable<Job> jobs = filter.ApplyTo(session.Context.Set<Job>());
        return await jobs
            .Where(job => before == null || job.Number < before)
            .OrderByDescending(job => job.Number)
            .Take(limit + 1)
            .ToListAsync(token);
    }

    /// <summary>Jobs that are not over.</summary>
    public async Task<int> CountOpenAsync(CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<Job>().CountAsync(job => JobStatuses.Open.Contains(job.Status), token);
    }

    /// <summary>Ends the job; a wish to cancel that came first wins. False when the lease was lost.</summary>
    public Task<bool> FinishAsync(JobLease lease, JobStatus status, string? error, CancellationToken token) =>
        database.WriteLockingAsync((session, stop) => JobRows.FinishAsync(session, lease, status, error, time.GetUtcNow(), stop), token);

    /// <summary>Gives the job back to the queue, as if it had not been claimed. False when the lease was lost.</summary>
    public Task<bool> HandBackAsync(JobLease lease, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                DateTimeOffset now = time.GetUtcNow();
                return await Held(session, lease).ExecuteUpdateAsync(
                    job => job
                        .SetProperty(row => row.Status, row => row.Status == JobStatus.Running ? JobStatus.Queued : row.Status)
                        .SetProperty(row => row.Attempts, row => row.Attempts - 1)
                        .SetProperty(row => row.Owner, (Guid?)null)
                        .SetProperty(row => row.ChangedAt, now),
                    stop) == 1;
            },
            token);

    /// <summary>Part of a handler's own transaction: counts progress and makes sure that the lease still holds.</summary>
    /// <param name="startsOver">A later claim begins anew, so this is no progress that would make up for a death of the process.</param>
    /// <returns>True when the user wants the job cancelled: from then on nothing may succeed.</returns>
    /// <exception cref="LeaseLostException">It does not; the transaction must not commit.</exception>
    public static async ValueTask<bool> ProgressAsync(
        WriteSession session, JobLease lease, long done, CancellationToken token, bool startsOver = false)
    {
        Statement update = session.Prepare(CountProgress);
        update.BindInt64(1, done);
        update.BindInt64(2, lease.Job.Number);
        update.BindInt64(3, lease.Token);
        // Once a job is given up, what is written of that is no progress: its deaths count on.
        update.BindInt64(4, startsOver ? 0 : MaxCrashes);
        if (!await update.StepAsync(token))
        {
            throw new LeaseLostException(lease.JobId);
        }

        bool cancelling = update.ColumnBool(0);
        await update.ResetAsync();
        return cancelling;
    }

    /// <summary>Part of a handler's own transaction, for a write that is no progress: makes sure that the lease still holds.</summary>
    /// <exception cref="LeaseLostException">It does not; the transaction must not commit.</exception>
    public static async ValueTask ThrowIfLostAsync(WriteSession session, JobLease lease, CancellationToken token)
    {
        Statement select = session.Prepare(
            "select 1 from jobs where number = ?1 and lease_token = ?2 and owner is not null" + session.LockingRows);
        select.BindInt64(1, lease.Job.Number);
        select.BindInt64(2, lease.Token);
        bool held = await select.StepAsync(token);
        await select.ResetAsync();
        if (!held)
        {
            throw new LeaseLostException(lease.JobId);
        }
    }

    private static IQueryable<Job> Held(WriteSession session, JobLease lease) =>
        session.Context.Set<Job>().Where(job => job.Id == lease.JobId && job.LeaseToken == lease.Token && job.Owner != null);
}
