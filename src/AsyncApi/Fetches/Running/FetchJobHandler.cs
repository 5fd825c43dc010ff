using AsyncApi.Fetching;
using AsyncApi.Http.Input;
using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Running;

/// <summary>
/// Runs a fetch: from the rows through the engine into the rows. How it ended is read off the rows too, so that a crash
/// between the last result and the job's end changes nothing.
/// </summary>
internal sealed class FetchJobHandler(
    FetchEngine engine, FetchStore fetches, Database database, FetchRecorders recorders, LiveFetches live, StoragePatience patience,
    FetchRemovalStore removals, TimeProvider time) : IJobHandler
{
    public string Kind => Fetch.JobKind;

    public bool CanPause => true;

    public async Task<JobOutcome> RunAsync(JobWork work)
    {
        FetchRecord record = await fetches.FindAsync(work.Lease.JobId, work.Aborted)
            ?? throw new InvalidOperationException("The job has no fetch.");
        FetchOptionsView options = FetchViews.ReadOptions(record.Fetch);
        FetchRecorder recorder = recorders.Create(work.Lease, record.Fetch, options);
        TimeSpan? left = UntilDeadline(options, record.Job);
        if (!work.Cancelled.IsCancellationRequested)
        {
            await recorder.RecordRefusedAsync(work.Aborted);
            if (left is null or { Ticks: > 0 } && !recorder.Strikes(options.StopWhen))
            {
                await RunAsync(work, record, EngineTerms.Of(options, record.Job, left ?? TimeSpan.Zero), recorder);
            }
        }

        return await EndAsync(work, record, options, recorder);
    }

    public async ValueTask<Func<CancellationToken, Task>?> HideAsync(Guid job, WriteSession session, CancellationToken token) =>
        await FetchRemovalStore.HideAsync(session, job, token) is { } key ? stop => removals.RemoveAsync(key, stop) : null;

    public async Task GiveUpAsync(JobWork work)
    {
        // Read anew: a run that failed may have recorded results after it began.
        if (await fetches.FindAsync(work.Lease.JobId, work.Aborted) is { } record)
        {
            FetchRecorder recorder = recorders.Create(work.Lease, record.Fetch, FetchViews.ReadOptions(record.Fetch));
            await recorder.EndRestAsync(FetchEnding.GivenUp, work.Aborted);
        }
    }

    private async Task RunAsync(JobWork work, FetchRecord record, FetchOptions options, FetchRecorder recorder)
    {
        await using FetchWaitLog waits = recorders.CreateWaitLog(work.Lease, record.Fetch);
        FetchSourceStore source = new(database, patience, record.Fetch.Key, resumed: work.Lease.Token > 1, waits);
        await using FetchRun run = engine.Start(source, options);
        LiveFetch fetch = new(run, record.Job.Id, fetches);
        live.Enter(record.Job.Id, fetch);
        try
        {
            // What was changed between the reading of the options and now.
            await fetch.RefreshAsync(work.Aborted);
            await using CancellationTokenRegistration cancel = work.Cancelled.Register(() => run.Stop(FetchStop.Cancel));
            await using CancellationTokenRegistration drain = work.Stopping.Register(() => run.Stop(FetchStop.Drain));
            await using CancellationTokenRegistration abandon = work.Aborted.Register(() => run.Stop(FetchStop.Abandon));
            await recorder.RecordAsync(run, work.Aborted);
        }
        finally
        {
            live.Leave(record.Job.Id);
        }
    }

    private async Task<JobOutcome> EndAsync(JobWork work, FetchRecord record, FetchOptionsView options, FetchRecorder recorder)
    {
        if (work.Cancelled.IsCancellationRequested)
        {
            await recorder.EndRestAsync(FetchEnding.Cancelled, work.Aborted);
            return JobOutcome.Cancelled;
        }

        if (recorder.Strikes(options.StopWhen))
        {
            await recorder.EndRestAsync(FetchEnding.StopCondition, work.Aborted);
            return options.StopWhen is FetchStopWhen.FirstFailure
                ? new JobOutcome.Over(JobStatus.Failed, $"A request failed, and stopWhen is {EnumNames<FetchStopWhen>.Of(options.StopWhen)}.")
                : JobOutcome.Completed;
        }

        // A result is cancelled here by nothing but the deadline.
        if (UntilDeadline(options, record.Job) <= TimeSpan.Zero && (recorder.LastSeq < record.Fetch.Total || recorder.HasCancelled))
        {
            await recorder.EndRestAsync(FetchEnding.Deadline, work.Aborted);
            return new JobOutcome.Over(JobStatus.TimedOut, $"It was not over within deadlineSeconds ({options.DeadlineSeconds}).");
        }

        return recorder.LastSeq == record.Fetch.Total ? JobOutcome.Completed : JobOutcome.ToNextStart;
    }

    /// <summary>Null when there is no deadline.</summary>
    private TimeSpan? UntilDeadline(FetchOptionsView options, Job job) =>
        options.DeadlineSeconds > 0 ? job.StartedAt + TimeSpan.FromSeconds(options.DeadlineSeconds) - time.GetUtcNow() : null;
}
