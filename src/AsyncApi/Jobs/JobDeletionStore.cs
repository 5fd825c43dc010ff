using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Jobs;

/// <summary>Deletes jobs. In one short transaction a job is gone for everybody; its data follow in bites that hold nobody up.</summary>
internal sealed class JobDeletionStore(Database database, JobKinds kinds, IJobCallbacks callbacks, TimeProvider time)
{
    /// <summary>How long it is said of a job that it was deleted.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private const int ForgottenAtOnce = 500;

    public Task<JobDeletion> DeleteAsync(Guid id, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                Job? job = await session.Context.Set<Job>().SingleOrDefaultAsync(row => row.Id == id, stop);
                if (job is null)
                {
                    return JobDeletion.Missing;
                }

                if (!job.Status.IsOver())
                {
                    return JobDeletion.Open;
                }

                Func<CancellationToken, Task>? removal = await kinds.HideAsync(job, session, stop);
                await callbacks.ForgetAsync(session, id, stop);
                session.Context.Remove(job);
                session.Context.Add(new JobTombstone { Id = id, DeletedAt = time.GetUtcNow() });
                await session.Context.SaveChangesAsync(stop);
                return new JobDeletion(IsDeleted: true, IsOpen: false, removal);
            },
            token);

    /// <summary>Those that were over before a time, the oldest first.</summary>
    public async Task<IReadOnlyList<Guid>> ListOverAsync(DateTimeOffset before, int limit, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<Job>()
            .Where(job => job.FinishedAt != null && job.FinishedAt < before)
            .OrderBy(job => job.FinishedAt)
            .Select(job => job.Id)
            .Take(limit)
            .ToListAsync(token);
    }

    public async Task<bool> WasDeletedAsync(Guid id, CancellationToken token)
    {
        DateTimeOffset oldest = time.GetUtcNow() - Remembered;
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<JobTombstone>().AnyAsync(tombstone => tombstone.Id == id && tombstone.DeletedAt > oldest, token);
    }

    public async Task ForgetAsync(CancellationToken token)
    {
        DateTimeOffset oldest = time.GetUtcNow() - Remembered;
        int forgotten;
        do
        {
            forgotten = await database.WriteAsync(
                async (session, stop) => await session.Context.Set<JobTombstone>()
                    .Where(tombstone => session.Context.Set<JobTombstone>()
                        .Where(old => old.DeletedAt <= oldest)
                        .OrderBy(old => old.DeletedAt)
                        .Take(ForgottenAtOnce)
                        .Select(old => old.Id)
                        .Contains(tombstone.Id))
                    .ExecuteDeleteAsync(stop),
                token);
        }
        while (forgotten == ForgottenAtOnce);
    }
}

/// <summary>What came of a deletion.</summary>
/// <param name="Removal">Removes the data that nobody sees any more; null when there are none.</param>
internal sealed record JobDeletion(bool IsDeleted, bool IsOpen, Func<CancellationToken, Task>? Removal)
{
    public static JobDeletion Missing { get; } = new(IsDeleted: false, IsOpen: false, null);

    public static JobDeletion Open { get; } = new(IsDeleted: false, IsOpen: true, null);
}
