using AsyncApi.Fetching;
using AsyncApi.Http.Input;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using SQLitePCL;

namespace AsyncApi.Fetches.Running;

/// <summary>
/// Appends results. Each call is one transaction with the tally and the job's progress, refused as a whole when the lease is
/// lost; <c>seq</c> goes on where the tally stands.
/// </summary>
internal sealed class FetchResultStore(Database database)
{
    private const string Cancelled = "Cancelled before it was over.";
    private const string Stopped = "The fetch failed before it was over.";

    // Every request of a window that has no result yet.
    private const string OpenRequests =
        "select id, fault from fetch_requests where id between ?1 and ?2 "
        + "and not exists (select 1 from fetch_results where request_id = fetch_requests.id) order by id";

    public Task AddAsync(JobLease lease, long fetchKey, ResultBatch batch, FetchTally tally, bool storeBodies, CancellationToken token) =>
        database.WriteLingeringAsync(
            (session, _) =>
            {
                bool cancelling = JobStore.Progress(session, lease, tally.LastSeq + batch.Count);
                ResultInsert insert = new(session);
                for (int i = 0; i < batch.Count; i++)
                {
                    FetchResult result = batch[i];
                    long row = RowKey.Of(fetchKey, tally.LastSeq + 1);
                    long request = RowKey.Of(fetchKey, result.Request.Index);
                    if (cancelling && result.Outcome != FetchOutcome.Cancelled)
                    {
                        // The user was told that it is cancelled: nothing succeeds after that.
                        insert.Execute(row, request, FetchReason.Cancelled, Cancelled, result);
                        tally.CountCancelled();
                    }
                    else
                    {
                        insert.Execute(row, request, result, batch.HeadersOf(i), storeBodies);
                        tally.Count(result);
                    }
                }

                tally.Write(session, fetchKey);
                return ValueTask.CompletedTask;
            },
            token);

    public Task AddRefusedAsync(JobLease lease, long fetchKey, int first, int count, FetchTally tally, CancellationToken token) =>
        AddOpenAsync(lease, fetchKey, first, count, tally, (insert, row, request) =>
        {
            if (request.Fault is { } fault)
            {
                (FetchReason reason, string message) = ReadFault(fault);
                insert.Execute(row, request.Id, reason, message);
                tally.CountFailed();
            }
        }, token);

    public Task AddCancelledAsync(JobLease lease, long fetchKey, int first, int count, FetchTally tally, CancellationToken token) =>
        AddUndoneAsync(lease, fetchKey, first, count, tally, FetchReason.Cancelled, Cancelled, token);

    public Task AddStoppedAsync(JobLease lease, long fetchKey, int first, int count, FetchTally tally, CancellationToken token) =>
        AddUndoneAsync(lease, fetchKey, first, count, tally, FetchReason.Stopped, Stopped, token);

    private Task AddUndoneAsync(
        JobLease lease, long fetchKey, int first, int count, FetchTally tally, FetchReason reason, string message, CancellationToken token) =>
        AddOpenAsync(lease, fetchKey, first, count, tally, (insert, row, request) =>
        {
            insert.Execute(row, request.Id, reason, message);
            tally.CountCancelled();
        }, token);

    private Task AddOpenAsync(
        JobLease lease, long fetchKey, int first, int count, FetchTally tally, Action<ResultInsert, long, OpenRequest> add, CancellationToken token) =>
        database.WriteAsync(
            (session, _) =>
            {
                ResultInsert insert = new(session);
                foreach (OpenRequest request in ReadOpen(session, fetchKey, first, count))
                {
                    add(insert, RowKey.Of(fetchKey, tally.LastSeq + 1), request);
                }

                tally.Write(session, fetchKey);
                JobStore.Progress(session, lease, tally.LastSeq);
                return ValueTask.CompletedTask;
            },
            token);

    private static List<OpenRequest> ReadOpen(WriteSession session, long fetchKey, int first, int count)
    {
        PreparedStatement select = session.Prepare(OpenRequests);
        select.BindInt64(1, RowKey.Of(fetchKey, first));
        select.BindInt64(2, RowKey.Of(fetchKey, first + count - 1));
        List<OpenRequest> open = [];
        while (select.Step())
        {
            open.Add(new OpenRequest(select.ColumnInt64(0), select.ColumnString(1)));
        }

        select.Reset();
        return open;
    }

    private static (FetchReason Reason, string Message) ReadFault(string fault)
    {
        int space = fault.IndexOf(' ');
        return EnumNames<FetchReason>.TryParse(fault[..space], out FetchReason reason)
            ? (reason, fault[(space + 1)..])
            : throw new FormatException($"'{fault[..space]}' is no reason.");
    }

    private readonly record struct OpenRequest(long Id, string? Fault);
}
