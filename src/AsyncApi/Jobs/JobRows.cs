using AsyncApi.Http.Input;
using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>
/// The statements of a job's way from its 202 to its end, past EF Core: every job goes through all of them. EF finds the rows that
/// these write, and the other way round.
/// </summary>
internal static class JobRows
{
    private const string Insert =
        "insert into jobs (id, kind, status, label, priority, total, request_id, callback_url, due_at, created_at, changed_at, "
        + "done, attempts, crashes, lease_token) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, 0, 0, 0, 0) returning number";

    private const string QueueDue = "update jobs set status = 'queued', changed_at = ?1 where status = 'scheduled' and due_at <= ?1";
    private const string NextDue = "select due_at from jobs where status = 'scheduled' and due_at is not null order by due_at limit 1";
    private const string Queued = "select number from jobs where status = 'queued' and priority = ?1 order by number limit ?2";
    private const string Cancelling = "select number from jobs where status = 'cancelling' and owner is null order by number limit ?1";

    private const string Take =
        "update jobs set status = case when status = 'queued' then 'running' else status end, "
        + "changed_at = case when status = 'queued' then ?3 else changed_at end, "
        + "owner = ?2, lease_token = lease_token + 1, attempts = attempts + 1, started_at = coalesce(started_at, ?3) where number = ?1 "
        + "returning id, kind, status, label, priority, done, total, attempts, crashes, lease_token, request_id, callback_url, "
        + "created_at, due_at, changed_at, started_at";

    private const string Finish =
        "update jobs set status = case when status = 'cancelling' then 'cancelled' else ?3 end, error = ?4, owner = null, "
        + "finished_at = ?5, changed_at = ?5 where number = ?1 and lease_token = ?2 and owner is not null";

    /// <summary>Part of the transaction that makes what the job is about; gives the job its number.</summary>
    public static async ValueTask InsertAsync(WriteSession session, Job job, CancellationToken token)
    {
        Statement insert = session.Prepare(Insert);
        insert.BindGuid(1, job.Id);
        insert.BindText(2, job.Kind);
        insert.BindText(3, EnumNames<JobStatus>.Of(job.Status));
        insert.BindText(4, job.Label);
        insert.BindInt64(5, job.Priority);
        insert.BindInt64(6, job.Total);
        insert.BindText(7, job.RequestId);
        insert.BindText(8, job.CallbackUrl);
        insert.BindTime(9, job.DueAt);
        insert.BindTime(10, job.CreatedAt);
        job.Number = await insert.ReadInt64Async(token);
    }

    public static ValueTask<int> QueueDueAsync(WriteSession session, DateTimeOffset now, CancellationToken token)
    {
        Statement queue = session.Prepare(QueueDue);
        queue.BindTime(1, now);
        return queue.ExecuteAsync(token);
    }

    public static async ValueTask<DateTimeOffset?> NextDueAsync(WriteSession session, CancellationToken token)
    {
        Statement next = session.Prepare(NextDue);
        DateTimeOffset? due = await next.StepAsync(token) ? next.ColumnTime(0) : null;
        await next.ResetAsync();
        return due;
    }

    /// <summary>The numbers of the oldest that are queued with a priority. Those that another claim has in hand are passed over.</summary>
    public static ValueTask<List<long>> ListQueuedAsync(WriteSession session, int priority, int limit, CancellationToken token)
    {
        Statement queued = session.Prepare(Queued + session.LockingFreeRows);
        queued.BindInt64(1, priority);
        queued.BindInt64(2, limit);
        return ReadNumbersAsync(queued, token);
    }

    /// <summary>The numbers of the oldest that are to be cancelled and that nobody has.</summary>
    public static ValueTask<List<long>> ListCancellingAsync(WriteSession session, int limit, CancellationToken token)
    {
        Statement cancelling = session.Prepare(Cancelling + session.LockingFreeRows);
        cancelling.BindInt64(1, limit);
        return ReadNumbersAsync(cancelling, token);
    }

    /// <summary>Gives a job to a worker, under a new token.</summary>
    public static async ValueTask<JobLease> TakeAsync(WriteSession session, long number, Guid owner, DateTimeOffset now, CancellationToken token)
    {
        Statement take = session.Prepare(Take);
        take.BindInt64(1, number);
        take.BindGuid(2, owner);
        take.BindTime(3, now);
        await take.StepAsync(token);
        JobLease lease = new(Read(take, number, owner));
        await take.ResetAsync();
        return lease;
    }

    /// <summary>Ends a job; a wish to cancel that came first wins. False when the lease was lost.</summary>
    public static async ValueTask<bool> FinishAsync(
        WriteSession session, JobLease lease, JobStatus status, string? error, DateTimeOffset now, CancellationToken token)
    {
        Statement finish = session.Prepare(Finish);
        finish.BindInt64(1, lease.Job.Number);
        finish.BindInt64(2, lease.Token);
        finish.BindText(3, EnumNames<JobStatus>.Of(status));
        finish.BindText(4, error);
        finish.BindTime(5, now);
        return await finish.ExecuteAsync(token) == 1;
    }

    private static async ValueTask<List<long>> ReadNumbersAsync(Statement select, CancellationToken token)
    {
        List<long> numbers = [];
        while (await select.StepAsync(token))
        {
            numbers.Add(select.ColumnInt64(0));
        }

        await select.ResetAsync();
        return numbers;
    }

    private static Job Read(Statement row, long number, Guid owner) => new()
    {
        Number = number,
        Owner = owner,
        Id = row.ColumnGuid(0),
        Kind = row.ColumnString(1)!,
        Status = EnumNames<JobStatus>.Parse(row.ColumnString(2)!),
        Label = row.ColumnString(3),
        Priority = (int)row.ColumnInt64(4),
        Done = row.ColumnInt64(5),
        Total = row.ColumnInt64(6),
        Attempts = (int)row.ColumnInt64(7),
        Crashes = (int)row.ColumnInt64(8),
        LeaseToken = row.ColumnInt64(9),
        RequestId = row.ColumnString(10)!,
        CallbackUrl = row.ColumnString(11),
        CreatedAt = row.ColumnTime(12)!.Value,
        DueAt = row.ColumnTime(13),
        ChangedAt = row.ColumnTime(14)!.Value,
        StartedAt = row.ColumnTime(15),
    };
}
