using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Jobs;

/// <summary>
/// Who is alive, and what becomes of the jobs of those who are not. Both are told by a clock that all share; a process whose own
/// is wrong harms nobody.
/// </summary>
internal sealed class WorkerStore(Database database, TimeProvider time)
{
    /// <summary>A worker that was not heard of for this long is dead to the others.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private const int RescuedAtOnce = 500;

    /// <summary>Enters a worker, and strikes out all others: to be called where no other can be alive.</summary>
    public Task EnterAloneAsync(Guid id, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                await session.Context.Set<Worker>().ExecuteDeleteAsync(stop);
                await AddAsync(session, id, stop);
            },
            token);

    public Task EnterAsync(Guid id, CancellationToken token) => database.WriteAsync((session, stop) => new ValueTask(AddAsync(session, id, stop)), token);

    /// <summary>False when the worker was given up for dead; it is not to go on under this id.</summary>
    public Task<bool> BeatAsync(Guid id, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                DateTimeOffset now = await session.CommonTimeAsync(time, stop);
                return await session.Context.Set<Worker>().Where(worker => worker.Id == id)
                    .ExecuteUpdateAsync(worker => worker.SetProperty(row => row.LastSeen, now), stop) == 1;
            },
            token);

    public Task LeaveAsync(Guid id, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) => { await session.Context.Set<Worker>().Where(worker => worker.Id == id).ExecuteDeleteAsync(stop); }, token);

    /// <summary>
    /// Takes over the jobs of workers that are dead. Returns how many jobs go on, also those that will be given up; one under
    /// which the process dies even then ends here.
    /// </summary>
    /// <param name="rescuer">Alive, whatever the table says of it.</param>
    public async Task<int> RescueAsync(Guid rescuer, CancellationToken token)
    {
        int sum = 0;
        while (await database.WriteAsync((session, stop) => new ValueTask<int>(RescueAsync(session, rescuer, stop)), token) is > 0 and var count)
        {
            sum += count;
        }

        return sum;
    }

    private async Task<int> RescueAsync(WriteSession session, Guid rescuer, CancellationToken token)
    {
        DateTimeOffset oldest = await session.CommonTimeAsync(time, token) - Silence;
        IQueryable<Worker> alive = session.Context.Set<Worker>().Where(worker => worker.LastSeen >= oldest);
        List<Job> orphans = await session.Context.Set<Job>()
            .Where(job => job.Owner != null && job.Owner != rescuer && !alive.Any(worker => worker.Id == job.Owner))
            .OrderBy(job => job.Number)
            .Take(RescuedAtOnce)
            .ToListAsync(token);
        DateTimeOffset now = time.GetUtcNow();
        foreach (Job job in orphans)
        {
            Rescue(job, now);
        }

        await session.Context.SaveChangesAsync(token);
        if (orphans.Count < RescuedAtOnce)
        {
            await session.Context.Set<Worker>().Where(worker => worker.LastSeen < oldest && worker.Id != rescuer).ExecuteDeleteAsync(token);
        }

        return orphans.Count;
    }

    // The token stays: the next claim raises it. Until then a stale worker is refused for want of an owner.
    private static void Rescue(Job job, DateTimeOffset now)
    {
        if (job.Crashes >= JobStore.MaxCrashes)
        {
            // A wish to cancel that came first wins here too.
            job.Status = job.Status == JobStatus.Cancelling ? JobStatus.Cancelled : JobStatus.Failed;
            (job.Error, job.FinishedAt) = (JobStore.DiedTooOften, now);
        }
        else if (job.Status == JobStatus.Running)
        {
            job.Status = JobStatus.Queued;
        }

        job.Crashes++;
        job.Owner = null;
        job.ChangedAt = now;
    }

    private async Task AddAsync(WriteSession session, Guid id, CancellationToken token)
    {
        DateTimeOffset now = await session.CommonTimeAsync(time, token);
        session.Context.Set<Worker>().Add(new Worker { Id = id, StartedAt = now, LastSeen = now });
        await session.Context.SaveChangesAsync(token);
    }
}
