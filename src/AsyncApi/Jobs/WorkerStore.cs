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

    private const string Gone = "select distinct owner from jobs where owner is not null and owner <> ?1 "
        + "and not exists (select 1 from workers where workers.id = jobs.owner)";

    private const string Stands = "select 1 from workers where id = ?1";

    private const string HandBack = "update jobs set owner = null, changed_at = ?3, attempts = attempts - 1, "
        + "status = case when status = 'running' then 'queued' else status end ";

    // Again and again: that the commit before was one was perhaps not heard.
    private const string Enter = "insert into workers (id, started_at, last_seen) values (?1, ?2, ?2) "
        + "on conflict (id) do update set last_seen = excluded.last_seen";

    // The token stays: the next claim raises it. Until then a stale worker is refused for want of an owner. A wish to cancel that
    // came first wins over the last death too.
    private const string Release =
        "update jobs set owner = null, changed_at = ?3, crashes = crashes + 1, "
        + "status = case when crashes >= ?4 then case when status = 'cancelling' then 'cancelled' else 'failed' end "
        + "when status = 'running' then 'queued' else status end, "
        + "error = case when crashes >= ?4 then ?5 else error end, finished_at = case when crashes >= ?4 then ?3 else finished_at end ";

    /// <summary>Whether a worker stands in the table, and goes on to until the commit: who strikes it out then finds what it has claimed.</summary>
    public static async ValueTask<bool> StandsAsync(WriteSession session, Guid id, CancellationToken token)
    {
        Statement stands = session.Prepare(Stands + session.KeepingRows);
        stands.BindGuid(1, id);
        bool found = await stands.StepAsync(token);
        await stands.ResetAsync();
        return found;
    }

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
        database.WriteReservedAsync(
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
        while (await database.WriteLockingAsync((session, stop) => RescueAsync(session, rescuer, stop), token) is > 0 and var count)
        {
            sum += count;
        }

        return sum;
    }

    /// <summary>
    /// Puts back what a worker has that ended without being dead, and strikes it out. What others took over meanwhile is theirs.
    /// </summary>
    public async Task<int> ReturnAsync(Guid former, CancellationToken token)
    {
        int sum = 0;
        while (await database.WriteLockingAsync(
            (session, stop) => OfOwner(session, HandBack, former, RescuedAtOnce).ExecuteAsync(stop), token) is > 0 and var count)
        {
            sum += count;
        }

        await LeaveAsync(former, token);
        return sum;
    }

    /// <summary>What the table says this worker has.</summary>
    public async Task<List<OwnedJob>> ListOwnedAsync(Guid worker, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<Job>().Where(job => job.Owner == worker)
            .Select(job => new OwnedJob(job.Number, job.Id, job.LeaseToken)).ToListAsync(token);
    }

    /// <summary>Puts back a job that nobody works on, as if its worker had died. False when that claim has ended.</summary>
    public Task<bool> ReleaseAsync(OwnedJob job, CancellationToken token) =>
        database.WriteLockingAsync(
            async (session, stop) =>
            {
                Statement release = session.Prepare(Release + "where number = ?1 and lease_token = ?2 and owner is not null");
                release.BindInt64(1, job.Number);
                release.BindInt64(2, job.Token);
                return await ReleaseAsync(release, stop) == 1;
            },
            token);

    private async ValueTask<int> RescueAsync(WriteSession session, Guid rescuer, CancellationToken token)
    {
        await BuryAsync(session, rescuer, await session.CommonTimeAsync(time, token) - Silence, token);
        int sum = 0;
        foreach (Guid owner in await FindGoneAsync(session, rescuer, token))
        {
            sum += await ReleaseAsync(OfOwner(session, Release, owner, RescuedAtOnce - sum), token);
        }

        return sum;
    }

    /// <summary>From this commit on they are dead to themselves, too: their next heartbeat finds no row.</summary>
    private static async Task BuryAsync(WriteSession session, Guid rescuer, DateTimeOffset oldest, CancellationToken token)
    {
        Statement bury = session.Prepare(
            "delete from workers where id in (select id from workers where last_seen < ?1 and id <> ?2" + session.LockingFreeRows + ")");
        bury.BindTime(1, oldest);
        bury.BindGuid(2, rescuer);
        await bury.ExecuteAsync(token);
    }

    private static async Task<List<Guid>> FindGoneAsync(WriteSession session, Guid rescuer, CancellationToken token)
    {
        Statement find = session.Prepare(Gone);
        find.BindGuid(1, rescuer);
        List<Guid> gone = [];
        while (await find.StepAsync(token))
        {
            gone.Add(find.ColumnGuid(0));
        }

        await find.ResetAsync();
        return gone;
    }

    private ValueTask<int> ReleaseAsync(Statement release, CancellationToken token)
    {
        release.BindTime(3, time.GetUtcNow());
        release.BindInt64(4, JobStore.MaxCrashesInAll - 1);
        release.BindText(5, JobStore.DiedTooOften);
        return release.ExecuteAsync(token);
    }

    // A job that a transaction of its late owner still holds is waited for by nobody: it is there at the next look.
    private Statement OfOwner(WriteSession session, string update, Guid owner, int limit)
    {
        Statement statement = session.Prepare(
            update + "where number in (select number from jobs where owner = ?1 order by number limit ?2" + session.LockingFreeRows + ")");
        statement.BindGuid(1, owner);
        statement.BindInt64(2, limit);
        statement.BindTime(3, time.GetUtcNow());
        return statement;
    }

    private async Task AddAsync(WriteSession session, Guid id, CancellationToken token)
    {
        DateTimeOffset now = await session.CommonTimeAsync(time, token);
        Statement enter = session.Prepare(Enter);
        enter.BindGuid(1, id);
        enter.BindTime(2, now);
        await enter.ExecuteAsync(token);
    }
}
