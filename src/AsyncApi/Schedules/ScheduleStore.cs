using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Schedules;

/// <summary>The schedules' rows, as clients see and change them.</summary>
internal sealed class ScheduleStore(Database database, TimeProvider time)
{
    public async Task<Schedule?> FindAsync(Guid id, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<Schedule>().SingleOrDefaultAsync(schedule => schedule.Id == id, token);
    }

    /// <summary>Newest first; one more than asked for, when there is one.</summary>
    public async Task<IReadOnlyList<Schedule>> ListAsync(ScheduleFilter filter, long? before, int limit, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await filter.ApplyTo(session.Context.Set<Schedule>())
            .Where(schedule => before == null || schedule.Number < before)
            .OrderByDescending(schedule => schedule.Number)
            .Take(limit + 1)
            .ToListAsync(token);
    }

    /// <param name="keep">Part of the same transaction.</param>
    public Task<Schedule> AddAsync(
        ScheduleDraft draft, Func<WriteSession, Schedule, CancellationToken, ValueTask> keep, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                Schedule schedule = draft.ToSchedule(time.GetUtcNow());
                session.Context.Add(schedule);
                await session.Context.SaveChangesAsync(stop);
                await keep(session, schedule, stop);
                return schedule;
            },
            token);

    /// <summary>Null when there is no such schedule.</summary>
    public Task<Schedule?> ReplaceAsync(Guid id, ScheduleDraft draft, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                Schedule? schedule = await session.Context.Set<Schedule>().SingleOrDefaultAsync(row => row.Id == id, stop);
                if (schedule is not null)
                {
                    draft.ApplyTo(schedule, time.GetUtcNow());
                    await session.Context.SaveChangesAsync(stop);
                }

                return schedule;
            },
            token);

    /// <summary>False when there is no such schedule.</summary>
    public Task<bool> RemoveAsync(Guid id, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) => await session.Context.Set<Schedule>().Where(schedule => schedule.Id == id).ExecuteDeleteAsync(stop) == 1,
            token);
}
