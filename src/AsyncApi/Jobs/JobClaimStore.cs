using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Jobs;

/// <summary>What a claim came to.</summary>
/// <param name="Leases">The jobs that are the worker's now.</param>
/// <param name="NextDue">When the next job that was put off is to start; null when there is none.</param>
internal sealed record JobClaim(IReadOnlyList<JobLease> Leases, DateTimeOffset? NextDue);

/// <summary>Gives work to workers. Everything about who gets which job is here, in one transaction.</summary>
internal sealed class JobClaimStore(Database database, TimeProvider time)
{
    private const int EndedAtOnce = 100;

    // Past EF Core: a claim runs after every end of a job.
    private const string QueueDue = "update jobs set status = 'queued', changed_at = ?1 where status = 'scheduled' and due_at <= ?1";
    private const string NextDue = "select due_at from jobs where status = 'scheduled' and due_at is not null order by due_at limit 1";

    private const string Take =
        "update jobs set status = case when status = 'queued' then 'running' else status end, "
        + "changed_at = case when status = 'queued' then ?3 else changed_at end, "
        + "owner = ?2, lease_token = lease_token + 1, attempts = attempts + 1, started_at = coalesce(started_at, ?3) where number = ?1";

    /// <summary>
    /// Gives up to <paramref name="limit"/> queued jobs to <paramref name="owner"/>, those first that came first, the classes of
    /// priority by their <see cref="ClaimShares"/>. Cancelling jobs that nobody has come besides: they are claimed only to be
    /// ended, and wait for no slot.
    /// </summary>
    public Task<JobClaim> ClaimAsync(Guid owner, int limit, ClaimShares shares, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                DateTimeOffset now = time.GetUtcNow();
                await QueueDueAsync(session, now, stop);
                List<Job> jobs = await ChooseAsync(session, limit, shares, stop);
                jobs.AddRange(await session.Context.Set<Job>()
                    .Where(job => job.Status == JobStatus.Cancelling && job.Owner == null)
                    .OrderBy(job => job.Number)
                    .Take(EndedAtOnce)
                    .AsNoTracking()
                    .ToListAsync(stop));
                foreach (Job job in jobs)
                {
                    await TakeAsync(session, job, owner, now, stop);
                    Claim(job, owner, now);
                }

                return new JobClaim([.. jobs.Select(job => new JobLease(job))], await NextDueAsync(session, stop));
            },
            token);

    private static ValueTask<int> QueueDueAsync(WriteSession session, DateTimeOffset now, CancellationToken token)
    {
        Statement queue = session.Prepare(QueueDue);
        queue.BindTime(1, now);
        return queue.ExecuteAsync(token);
    }

    private static async Task<List<Job>> ChooseAsync(WriteSession session, int limit, ClaimShares shares, CancellationToken token)
    {
        if (limit == 0)
        {
            return [];
        }

        List<Job>[] classes = new List<Job>[ClaimShares.Weights.Count];
        for (int i = 0; i < classes.Length; i++)
        {
            int weight = ClaimShares.Weights[i];
            classes[i] = await session.Context.Set<Job>()
                .Where(job => job.Status == JobStatus.Queued && job.Priority == weight)
                .OrderBy(job => job.Number)
                .Take(limit)
                .AsNoTracking()
                .ToListAsync(token);
        }

        int[] chosen = shares.Divide(limit, [.. classes.Select(jobs => jobs.Count)]);
        return [.. classes.SelectMany((jobs, i) => jobs.Take(chosen[i]))];
    }

    private static ValueTask<int> TakeAsync(WriteSession session, Job job, Guid owner, DateTimeOffset now, CancellationToken token)
    {
        Statement take = session.Prepare(Take);
        take.BindInt64(1, job.Number);
        take.BindGuid(2, owner);
        take.BindTime(3, now);
        return take.ExecuteAsync(token);
    }

    /// <summary>What the row has become.</summary>
    private static void Claim(Job job, Guid owner, DateTimeOffset now)
    {
        if (job.Status == JobStatus.Queued)
        {
            job.Status = JobStatus.Running;
            job.ChangedAt = now;
        }

        job.Owner = owner;
        job.LeaseToken++;
        job.Attempts++;
        job.StartedAt ??= now;
    }

    private static async Task<DateTimeOffset?> NextDueAsync(WriteSession session, CancellationToken token)
    {
        Statement next = session.Prepare(NextDue);
        DateTimeOffset? due = await next.StepAsync(token) ? next.ColumnTime(0) : null;
        await next.ResetAsync();
        return due;
    }
}
