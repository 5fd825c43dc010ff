using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Idempotency;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.LoadTests;

/// <summary>The load tests' rows.</summary>
internal sealed class LoadTestStore(Database database, TimeProvider time)
{
    private const int Accepted = 202;

    /// <summary>When this returns, the test and its job are on disk, unless another test is under way: one at a time.</summary>
    public Task<LoadTestAdded> AddAsync(LoadPlan plan, string requestId, IdempotencyTicket ticket, CancellationToken token)
    {
        DateTimeOffset now = time.GetUtcNow();
        Job job = new()
        {
            Id = Guid.CreateVersion7(now),
            Kind = LoadTest.JobKind,
            Status = JobStatus.Queued,
            Total = plan.Requests,
            RequestId = requestId,
            CreatedAt = now,
        };
        LoadTestView view = LoadTestView.Of(job, plan, LoadMeasurement.None);
        return database.WriteAsync(
            async (session, stop) =>
            {
                Guid? other = await session.Context.Set<Job>()
                    .Where(row => row.Kind == LoadTest.JobKind && JobStatuses.Open.Contains(row.Status))
                    .Select(row => (Guid?)row.Id)
                    .FirstOrDefaultAsync(stop);
                if (other is not null)
                {
                    return new LoadTestAdded(null, other);
                }

                session.Context.Add(new LoadTest { Id = job.Id, Plan = JsonSerializer.Serialize(plan, JsonDefaults.Options) });
                await session.Context.SaveChangesAsync(stop);
                await JobRows.InsertAsync(session, job, stop);
                await ticket.KeepAsync(session, Accepted, view.Links.Self, view, stop);
                return new LoadTestAdded(view, null);
            },
            token);
    }

    public async Task<LoadTestView?> FindAsync(Guid id, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        var found = await (
            from job in session.Context.Set<Job>()
            join test in session.Context.Set<LoadTest>() on job.Id equals test.Id
            where job.Id == id
            select new { job, test }).SingleOrDefaultAsync(token);
        return found is null
            ? null
            : LoadTestView.Of(found.job, Read<LoadPlan>(found.test.Plan), found.test.Figures is { } figures ? Read<LoadMeasurement>(figures) : LoadMeasurement.None);
    }

    public async Task<LoadPlan> ReadPlanAsync(Guid id, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return Read<LoadPlan>(await session.Context.Set<LoadTest>().Where(test => test.Id == id).Select(test => test.Plan).SingleAsync(token));
    }

    /// <summary>Writes down what it has come to so far.</summary>
    /// <param name="isAll">There will be no more: the job is as long as it was, not as it was planned.</param>
    /// <exception cref="LeaseLostException">The job is another worker's; nothing was written.</exception>
    public Task RecordAsync(JobLease lease, LoadMeasurement figures, bool isAll, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                await JobStore.ProgressAsync(session, lease, figures.Requests, stop, startsOver: true);
                string text = JsonSerializer.Serialize(figures, JsonDefaults.Options);
                await session.Context.Set<LoadTest>().Where(test => test.Id == lease.JobId)
                    .ExecuteUpdateAsync(test => test.SetProperty(row => row.Figures, text), stop);
                if (isAll)
                {
                    await session.Context.Set<Job>().Where(job => job.Id == lease.JobId)
                        .ExecuteUpdateAsync(job => job.SetProperty(row => row.Total, figures.Requests), stop);
                }
            },
            token);

    /// <summary>Part of the transaction that deletes the job.</summary>
    public static Task<int> RemoveAsync(WriteSession session, Guid id, CancellationToken token) =>
        session.Context.Set<LoadTest>().Where(test => test.Id == id).ExecuteDeleteAsync(token);

    private static T Read<T>(string stored) => JsonSerializer.Deserialize<T>(stored, JsonDefaults.Options)!;
}

/// <summary>What came of a submission.</summary>
/// <param name="Test">Null when nothing was added.</param>
/// <param name="Other">The test that is under way, where that is why.</param>
internal sealed record LoadTestAdded(LoadTestView? Test, Guid? Other);
