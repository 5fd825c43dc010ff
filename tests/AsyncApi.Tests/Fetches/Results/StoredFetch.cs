using AsyncApi.Fetches;
using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Fetches.Results;

/// <summary>A fetch in the database whose results a test appends, as the recorder does: rows and counts in one transaction, then the signal.</summary>
internal sealed class StoredFetch(ResultsTestApp app, Job job, Fetch fetch)
{
    public Guid Id => job.Id;

    public long Key => fetch.Key;

    public string Results => $"/fetches/{Id}/results";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The next result is that of this request.</summary>
    public Task CompleteAsync(int index, Action<FetchResultRow>? adjust = null, byte[]? body = null) => CompleteAsync([index], adjust, body);

    public async Task CompleteAsync(IReadOnlyList<int> indexes, Action<FetchResultRow>? adjust = null, byte[]? body = null)
    {
        await app.Database.WriteAsync(async (session, token) =>
        {
            foreach (int index in indexes)
                Add(session, index, adjust, body);
            session.Context.Update(fetch);
            await session.Context.SaveChangesAsync(token);
        }, Token);
        app.Signals.Changed(Id);
    }

    public async Task FinishAsync(JobStatus status = JobStatus.Completed)
    {
        job.Status = status;
        job.FinishedAt = job.CreatedAt.AddSeconds(1);
        await app.Database.WriteAsync(async (session, token) =>
        {
            session.Context.Update(job);
            await session.Context.SaveChangesAsync(token);
        }, Token);
        app.Signals.Changed(Id);
    }

    public Task DeleteAsync() => app.Database.WriteAsync(async (session, token) =>
    {
        await session.Context.Set<Fetch>().Where(row => row.Key == fetch.Key).ExecuteDeleteAsync(token);
        await session.Context.Set<Job>().Where(row => row.Id == job.Id).ExecuteDeleteAsync(token);
    }, Token);

    private void Add(WriteSession session, int index, Action<FetchResultRow>? adjust, byte[]? body)
    {
        FetchResultRow row = new()
        {
            Id = RowKey.Of(fetch.Key, fetch.LastSeq + 1),
            RequestId = RowKey.Of(fetch.Key, index),
            Status = 200,
            Attempts = 1,
            StartedAt = job.CreatedAt.ToUnixTimeMilliseconds(),
            DurationMicroseconds = 35_249,
            WaitedMicroseconds = 10_000,
            ContentType = "text/plain",
            BodyBytes = body?.Length ?? 0,
            BodyPlace = body is null ? BodyPlace.None : BodyPlace.Row,
        };
        adjust?.Invoke(row);
        session.Context.Add(row);
        if (body is not null && row.BodyPlace == BodyPlace.Row)
            session.Context.Add(new FetchBodyRow { Id = row.Id, Body = body });
        _ = row.Outcome switch
        {
            FetchOutcome.Succeeded => fetch.Succeeded++,
            FetchOutcome.Failed => fetch.Failed++,
            _ => fetch.Cancelled++,
        };
    }
}
