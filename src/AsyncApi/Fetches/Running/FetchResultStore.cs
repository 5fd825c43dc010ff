using AsyncApi.Fetching;
using AsyncApi.Http.Input;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Fetches.Running;

/// <summary>
/// Appends results. Each call is one transaction with the tally and the job's progress, refused as a whole when the lease is
/// lost; <c>seq</c> goes on where the tally stands.
/// </summary>
internal sealed class FetchResultStore(Database database)
{
    private const string LastSeq = "select succeeded + failed + cancelled from fetches where key = ?1";

    // Every request of a window that has no result yet.
    private const string OpenRequests =
        "select id, fault from fetch_requests where id between ?1 and ?2 "
        + "and not exists (select 1 from fetch_results where request_id = fetch_requests.id) order by id";

    /// <summary>Whether bodies in files go into the database; then the files stay the caller's.</summary>
    public bool KeepsFiles => database.IsShared;

    public Task<FetchTally> AddAsync(
        JobLease lease, long fetchKey, ResultBatch batch, FetchTally before, bool storeBodies, CancellationToken token) =>
        database.WriteLockingAsync(
            async (session, stop) =>
            {
                bool cancelling = await JobStore.ProgressAsync(session, lease, before.LastSeq + batch.Count, stop);
                if (await FindLaterAsync(session, fetchKey, before, stop) is { } stored)
                {
                    return stored;
                }

                FetchTally tally = before.Copy();
                ResultInsert insert = new(session, KeepsFiles);
                for (int i = 0; i < batch.Count; i++)
                {
                    FetchResult result = batch[i];
                    long row = RowKey.Of(fetchKey, tally.LastSeq + 1);
                    long request = RowKey.Of(fetchKey, result.Request.Index);
                    if (result.Attempts > 1)
                    {
                        await FetchWaitStore.ForgetAsync(session, request, stop);
                    }

                    if (cancelling && result.Outcome != FetchOutcome.Cancelled)
                    {
                        // The user was told that it is cancelled: nothing succeeds after that.
                        await insert.AddAsync(row, request, FetchEnding.Cancelled.Reason, FetchEnding.Cancelled.Message, stop, result, batch.PartsOf(i));
                        tally.Count(FetchReason.Cancelled);
                    }
                    else
                    {
                        await insert.AddAsync(row, request, result, batch.PartsOf(i), storeBodies, stop);
                        tally.Count(result);
                    }
                }

                await tally.WriteAsync(session, fetchKey, stop);
                return tally;
            },
            token);

    public Task<FetchTally> AddRefusedAsync(JobLease lease, long fetchKey, int first, int count, FetchTally before, CancellationToken token) =>
        AddOpenAsync(lease, fetchKey, first, count, before, Refused, token);

    public Task<FetchTally> AddUndoneAsync(
        JobLease lease, long fetchKey, int first, int count, FetchTally before, FetchEnding ending, CancellationToken token) =>
        AddOpenAsync(lease, fetchKey, first, count, before, _ => (ending.Reason, ending.Message), token);

    /// <summary>Gives each request of the window that has no result the one that <paramref name="judge"/> names, if any.</summary>
    private Task<FetchTally> AddOpenAsync(
        JobLease lease, long fetchKey, int first, int count, FetchTally before, Func<OpenRequest, (FetchReason, string)?> judge, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                await JobStore.ProgressAsync(session, lease, before.LastSeq, stop);
                if (await FindLaterAsync(session, fetchKey, before, stop) is { } stored)
                {
                    return stored;
                }

                FetchTally tally = before.Copy();
                ResultInsert insert = new(session, KeepsFiles);
                foreach (OpenRequest request in await ReadOpenAsync(session, fetchKey, first, count, stop))
                {
                    if (judge(request) is (var reason, var message))
                    {
                        await insert.AddAsync(RowKey.Of(fetchKey, tally.LastSeq + 1), request.Id, reason, message, stop);
                        tally.Count(reason);
                    }
                }

                await tally.WriteAsync(session, fetchKey, stop);
                await JobStore.ProgressAsync(session, lease, tally.LastSeq, stop);
                return tally;
            },
            token);

    /// <summary>
    /// The tally as it stands, where it has gone on: a commit whose end was not heard was one after all. The lease, which the
    /// transaction holds by now, says that it was this worker's.
    /// </summary>
    private static async ValueTask<FetchTally?> FindLaterAsync(WriteSession session, long fetchKey, FetchTally before, CancellationToken token)
    {
        Statement select = session.Prepare(LastSeq);
        select.BindInt64(1, fetchKey);
        bool isLater = await select.StepAsync(token) && select.ColumnInt64(0) > before.LastSeq;
        await select.ResetAsync();
        return isLater
            ? new FetchTally(await session.Context.Set<Fetch>().AsNoTracking().SingleAsync(fetch => fetch.Key == fetchKey, token))
            : null;
    }

    private static async ValueTask<List<OpenRequest>> ReadOpenAsync(
        WriteSession session, long fetchKey, int first, int count, CancellationToken token)
    {
        Statement select = session.Prepare(OpenRequests);
        select.BindInt64(1, RowKey.Of(fetchKey, first));
        select.BindInt64(2, RowKey.Of(fetchKey, first + count - 1));
        List<OpenRequest> open = [];
        while (await select.StepAsync(token))
        {
            open.Add(new OpenRequest(select.ColumnInt64(0), select.ColumnString(1)));
        }

        await select.ResetAsync();
        return open;
    }

    private static (FetchReason, string)? Refused(OpenRequest request) => request.Fault is { } fault ? ReadFault(fault) : null;

    private static (FetchReason Reason, string Message) ReadFault(string fault)
    {
        int space = fault.IndexOf(' ');
        return EnumNames<FetchReason>.TryParse(fault[..space], out FetchReason reason)
            ? (reason, fault[(space + 1)..])
            : throw new FormatException($"'{fault[..space]}' is no reason.");
    }

    private readonly record struct OpenRequest(long Id, string? Fault);
}
