using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Schedules;

/// <summary>Runs schedules when they fall due, as far as the queue has room; the others wait for it and are not lost.</summary>
internal sealed partial class ScheduleLoop(
    ScheduleRunStore store, ScheduleRuns runs, JobAdmission admission, LoopHealth health, TimeProvider time, ILogger<ScheduleLoop> logger)
    : DueTimeLoop(health, time, logger)
{
    private const int AtOnce = 500;

    // Enough to share commits; more would only stand in line for the writer, before everybody else.
    private const int Parallel = 32;

    private const string CouldNotRun = "It could not run; the log has more.";

    private static readonly TimeSpan UntilThereIsRoom = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;

    protected override string Name => "schedules";

    protected override async Task<DateTimeOffset?> DoDueAsync(CancellationToken stopping)
    {
        DateTimeOffset now = Time.GetUtcNow();
        DateTimeOffset? next = await store.NextDueAsync(stopping);
        if (next is null || next > now)
        {
            return next;
        }

        int room = await admission.RoomAsync(stopping);
        if (room == 0)
        {
            LogFull();
            return now + UntilThereIsRoom;
        }

        IReadOnlyList<DueSchedule> due = await store.FindDueAsync(now, Math.Min(room, AtOnce), stopping);
        await System.Threading.Tasks.Parallel.ForEachAsync(
            due, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = stopping }, RunAsync);
        return await store.NextDueAsync(stopping);
    }

    private async ValueTask RunAsync(DueSchedule due, CancellationToken stopping)
    {
        try
        {
            await runs.RunDueAsync(due, stopping);
        }
#pragma warning disable CA1031 // One schedule's fault is not the others'; its due time is passed over, or it would stand in their way for ever.
        catch (Exception fault) when (!stopping.IsCancellationRequested && !IsOfTheDatabase(fault))
#pragma warning restore CA1031
        {
            LogFault(fault, due.Schedule.Id);
            await store.PassAsync(due.Schedule, due.Schedule.NextAfter(Time.GetUtcNow()), CouldNotRun, stopping);
        }
    }

    /// <summary>It is everybody's and passes: what is due stays due.</summary>
    private static bool IsOfTheDatabase(Exception fault) => StorageErrors.IsUnavailable(fault) || StorageErrors.IsFull(fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedules are due, but the queue is full; they run as soon as it has room")]
    private partial void LogFull();

    [LoggerMessage(Level = LogLevel.Error, Message = "Schedule {Schedule} could not run")]
    private partial void LogFault(Exception fault, Guid schedule);
}
