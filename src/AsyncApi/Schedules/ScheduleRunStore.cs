using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Schedules;

/// <summary>A schedule whose time has come.</summary>
/// <param name="Last">Where its last run is; null when there was none or it was deleted.</param>
internal sealed record DueSchedule(Schedule Schedule, JobStatus? Last)
{
    public bool Overlaps => Schedule.OnOverlap == OnOverlap.Skip && Last is { } status && !status.IsOver();
}

/// <summary>The schedule was changed, deleted or run by someone else since it was read: this run must not be.</summary>
internal sealed class ScheduleMovedException(Guid schedule) : Exception($"Schedule {schedule} has moved on.");

/// <summary>The schedules' rows, as their runs see and change them.</summary>
internal sealed class ScheduleRunStore(Database database)
{
    // Past EF Core: thousands may fall due in one moment.
    private const string Pass =
        "update schedules set next_run_at = ?3, last_error = ?4, version = version + 1 where number = ?1 and version = ?2";

    private const string GoOn =
        "update schedules set next_run_at = ?3, last_error = null, last_run_at = ?4, last_job_id = ?5, version = version + 1 "
        + "where number = ?1 and version = ?2";

    /// <summary>Those that are due, the longest first.</summary>
    public async Task<IReadOnlyList<DueSchedule>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        IQueryable<Schedule> due = session.Context.Set<Schedule>()
            .Where(schedule => schedule.NextRunAt != null && schedule.NextRunAt <= now)
            .OrderBy(schedule => schedule.NextRunAt)
            .Take(limit);
        return await (
            from schedule in due
            join job in session.Context.Set<Job>() on schedule.LastJobId equals job.Id into last
            from job in last.DefaultIfEmpty()
            orderby schedule.NextRunAt
            select new DueSchedule(schedule, job == null ? null : job.Status)).ToListAsync(token);
    }

    /// <summary>When the next one falls due; null when none will.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<Schedule>()
            .Where(schedule => schedule.NextRunAt != null)
            .OrderBy(schedule => schedule.NextRunAt)
            .Select(schedule => schedule.NextRunAt)
            .FirstOrDefaultAsync(token);
    }

    /// <summary>Goes on to <paramref name="next"/> without a run. Does nothing when someone else was faster.</summary>
    public Task PassAsync(Schedule schedule, DateTimeOffset? next, string? error, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                Statement pass = StatementOf(session, Pass, schedule, next);
                pass.BindText(4, error);
                await pass.ExecuteAsync(stop);
            },
            token);

    /// <summary>Part of the transaction that makes the run's fetch: goes on to <paramref name="next"/>.</summary>
    /// <exception cref="ScheduleMovedException">Someone else was faster; the transaction must not commit.</exception>
    public static async ValueTask GoOnAsync(
        WriteSession session, Schedule schedule, DateTimeOffset? next, Job job, CancellationToken token)
    {
        Statement goOn = StatementOf(session, GoOn, schedule, next);
        goOn.BindTime(4, job.CreatedAt);
        goOn.BindGuid(5, job.Id);
        if (await goOn.ExecuteAsync(token) == 0)
        {
            throw new ScheduleMovedException(schedule.Id);
        }
    }

    /// <summary>Part of the transaction that makes the fetch of a run that somebody asked for; the due times stay.</summary>
    /// <exception cref="ScheduleMovedException">It was deleted; the transaction must not commit.</exception>
    public static async ValueTask NoteRunAsync(WriteSession session, Guid schedule, Job job, CancellationToken token)
    {
        int changed = await session.Context.Set<Schedule>().Where(row => row.Id == schedule).ExecuteUpdateAsync(
            row => row
                .SetProperty(to => to.LastRunAt, job.CreatedAt)
                .SetProperty(to => to.LastJobId, job.Id)
                .SetProperty(to => to.Version, to => to.Version + 1),
            token);
        if (changed == 0)
        {
            throw new ScheduleMovedException(schedule);
        }
    }

    /// <summary>It changes nothing when the schedule is not as it was read.</summary>
    private static Statement StatementOf(WriteSession session, string sql, Schedule schedule, DateTimeOffset? next)
    {
        Statement statement = session.Prepare(sql);
        statement.BindInt64(1, schedule.Number);
        statement.BindInt64(2, schedule.Version);
        statement.BindTime(3, next);
        return statement;
    }
}
