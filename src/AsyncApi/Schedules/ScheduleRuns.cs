using AsyncApi.Fetches.Submission;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;

namespace AsyncApi.Schedules;

/// <summary>Makes the fetches of schedules: one for each due time, in the transaction that goes on to the next.</summary>
internal sealed partial class ScheduleRuns(
    ScheduleRunStore store, SubmissionReader reader, Submissions submissions, TimeProvider time, ILogger<ScheduleRuns> logger)
{
    // A start or a busy moment is no reason to pass a run over.
    private static readonly TimeSpan MissedAfter = TimeSpan.FromMinutes(1);

    /// <summary>Runs a due schedule, or passes over the due time where its rules say so. Whoever else tries the same finds it done.</summary>
    public async Task RunDueAsync(DueSchedule due, CancellationToken token)
    {
        Schedule schedule = due.Schedule;
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset? next = schedule.NextAfter(now);
        bool missed = schedule.OnMissed == OnMissed.Skip && now - schedule.NextRunAt > MissedAfter;
        if (missed || due.Overlaps)
        {
            LogPassed(schedule.Id, missed ? "it was missed" : "the run before is not over");
            await store.PassAsync(schedule, next, error: null, token);
            return;
        }

        Faults faults = new();
        if (FetchTemplate.Read(schedule, reader, faults) is { } submission)
        {
            await TakeAsync(schedule, next, submission, faults, token);
        }

        if (faults.Any)
        {
            string error = $"The fetch is no longer acceptable: {faults.List[0].Path} {faults.List[0].Message}";
            LogRefused(schedule.Id, error);
            await store.PassAsync(schedule, next, error, token);
        }
    }

    /// <summary>A run that somebody asked for, whatever the due times. Null when the faults say why not.</summary>
    /// <exception cref="ScheduleMovedException">It was deleted meanwhile.</exception>
    public async Task<TakenFetch?> RunNowAsync(
        Schedule schedule, Faults faults, string requestId, IdempotencyTicket idempotency, CancellationToken token)
    {
        SubmissionOrigin origin = new(requestId, idempotency)
        {
            Within = (session, record, stop) => ScheduleRunStore.NoteRunAsync(session, schedule.Id, record.Job, stop),
        };
        return FetchTemplate.Read(schedule, reader, faults) is { } submission
            ? await submissions.TakeAsync(submission, faults, origin, token)
            : null;
    }

    private async Task TakeAsync(Schedule schedule, DateTimeOffset? next, JsonSubmission submission, Faults faults, CancellationToken token)
    {
        string requestId = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        SubmissionOrigin origin = new(requestId, IdempotencyTicket.None)
        {
            Within = (session, record, stop) => ScheduleRunStore.GoOnAsync(session, schedule, next, record.Job, stop),
        };
        try
        {
            if (await submissions.TakeAsync(submission, faults, origin, token) is { } taken)
            {
                LogRan(schedule.Id, taken.Record.Job.Id, requestId);
            }
        }
        catch (ScheduleMovedException)
        {
            // Somebody else made this run, or it is not to be any more: the row says which.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} made fetch {Fetch} under request id {RunRequestId}")]
    private partial void LogRan(Guid schedule, Guid fetch, string runRequestId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} passes over a due time: {Reason}")]
    private partial void LogPassed(Guid schedule, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedule {Schedule} could not run. {Error}")]
    private partial void LogRefused(Guid schedule, string error);
}
