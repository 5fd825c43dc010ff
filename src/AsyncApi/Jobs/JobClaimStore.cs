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
                    .ToListAsync(stop));
                foreach (Job job in jobs)
                {
                    Claim(job, owner, now);
                }

                await session.Context.SaveChangesAsync(stop);
                return new JobClaim([.. jobs.Select(job => new JobLease(job))], await NextDueAsync(session, stop));
            },
            token);

    private static Task<int> QueueDueAsync(WriteSession session, DateTimeOffset now, CancellationToken token) =>
        session.Context.Set<Job>()
            .Where(job => job.Status == JobStatus.Scheduled && job.DueAt <= now)
            .ExecuteUpdateAsync(
                job => job.SetProperty(row => row.Status, JobStatus.Queued).SetProperty(row => row.ChangedAt, now), token);

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
                .ToListAsync(token);
        }

        int[] chosen = shares.Divide(limit, [.. classes.Select(jobs => jobs.Count)]);
        return [.. classes.SelectMany((jobs, i) => jobs.Take(chosen[i]))];
    }

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

    private static async Task<DateTimeOffset?> NextDueAsync(WriteSession session, CancellationToken token) =>
        await session.Context.Set<Job>()
            .Where(job => job.Status == JobStatus.Scheduled && job.DueAt != null)
            .OrderBy(job => job.DueAt)
            .Select(job => job.DueAt)
            .FirstOrDefaultAsync(token);
}
