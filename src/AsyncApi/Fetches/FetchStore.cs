using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Fetches;

/// <summary>Reads fetches together with their jobs. One without a job is still being received and is not there.</summary>
internal sealed class FetchStore(Database database)
{
    // What everybody asks who polls, and who begins to read results. Not static: what is compiled belongs to one provider.
    private readonly Func<AppDbContext, Guid, CancellationToken, Task<FetchRecord?>> _byId =
        EF.CompileAsyncQuery(static (AppDbContext context, Guid id, CancellationToken token) =>
            (from job in context.Set<Job>()
             join fetch in context.Set<Fetch>() on job.Id equals fetch.JobId
             where job.Id == id
             select new FetchRecord(job, fetch)).SingleOrDefault());

    public async Task<FetchRecord?> FindAsync(Guid id, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await _byId(session.Context, id, token);
    }

    /// <summary>Newest first; one more than asked for, when there is one.</summary>
    public async Task<IReadOnlyList<FetchRecord>> ListAsync(JobFilter filter, long? before, int limit, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        IQueryable<Job> jobs = filter.ApplyTo(session.Context.Set<Job>())
            .Where(job => before == null || job.Number < before);
        return await Records(session.Context, jobs).Take(limit + 1).ToListAsync(token);
    }

    /// <summary>How often each of these fetches was changed.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> ReadRevisionsAsync(IReadOnlyCollection<Guid> ids, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<Fetch>()
            .Where(fetch => fetch.JobId != null && ids.Contains(fetch.JobId.Value))
            .ToDictionaryAsync(fetch => fetch.JobId!.Value, fetch => fetch.Revision, token);
    }

    /// <summary>Null when there is no such fetch, else the fetch as it is now: one that is over stays as it is.</summary>
    public Task<FetchRecord?> ChangeAsync(Guid id, FetchChange change, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                FetchRecord? record = await Records(session.Context, session.Context.Set<Job>().Where(job => job.Id == id)).SingleOrDefaultAsync(stop);
                if (record is null || record.Job.Status.IsOver())
                {
                    return record;
                }

                record.Fetch.Options = FetchViews.WriteOptions(change.ApplyTo(FetchViews.ReadOptions(record.Fetch)));
                record.Fetch.Revision++;
                record.Job.Priority = (int?)change.Priority ?? record.Job.Priority;
                record.Job.Label = change.NoLabel ? null : change.Label ?? record.Job.Label;
                await session.Context.SaveChangesAsync(stop);
                return record;
            },
            token);

    private static IQueryable<FetchRecord> Records(AppDbContext context, IQueryable<Job> jobs) =>
        from job in jobs
        join fetch in context.Set<Fetch>() on job.Id equals fetch.JobId
        orderby job.Number descending
        select new FetchRecord(job, fetch);
}
