using System.Diagnostics;
using AsyncApi.Http.Input;
using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>Runs one claimed job by its kind's handler, and writes down how it ended.</summary>
internal sealed partial class JobRunner(
    JobKinds kinds, JobStore jobs, JobSignals signals, RunningJobs running, IJobCallbacks callbacks, JobMetrics metrics, TimeProvider time,
    ILogger<JobRunner> logger)
{
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(1);

    /// <param name="wishes"><see cref="RunningJobs.Wishes"/> as it was before the claim.</param>
    public async Task RunAsync(JobLease lease, long wishes, CancellationToken stopping, CancellationToken aborted)
    {
        Job job = lease.Job;
        using IDisposable? scope = logger.BeginScope(new Dictionary<string, object> { ["RequestId"] = job.RequestId, ["JobId"] = job.Id });
        using Activity? trace = metrics.Begin(job);
        long start = time.GetTimestamp();
        RunningJob entered = running.Enter(job);
        using CancellationTokenSource pausing = CancellationTokenSource.CreateLinkedTokenSource(entered.Paused, stopping);
        try
        {
            await HearWishesAsync(job, entered, wishes);
            signals.Turned(job.Id);
            LogStarted(job.Kind, job.Attempts);
            JobOutcome outcome = await HandleAsync(new JobWork(lease, entered.Cancelled, pausing.Token, aborted));
            await WriteAsync(lease, outcome, aborted);
            metrics.End(job, outcome, time.GetElapsedTime(start), trace);
        }
        catch (LeaseLostException)
        {
            LogLeaseLost(job.Kind);
        }
        finally
        {
            running.Leave(job);
            signals.Turned(job.Id);
            if (job.CallbackUrl is not null)
            {
                callbacks.Wake();
            }
        }
    }

    /// <summary>What was wished for between the claim and now found no work to tell.</summary>
    private async Task HearWishesAsync(Job job, RunningJob entered, long wishes)
    {
        JobStatus? status = job.Status;
        if (running.Wishes != wishes)
        {
            status = (await jobs.FindAsync(job.Id, CancellationToken.None))?.Status;
        }

        if (status == JobStatus.Cancelling)
        {
            await entered.CancelAsync();
        }
        else if (status == JobStatus.Paused)
        {
            await entered.PauseAsync();
        }
    }

    private async Task<JobOutcome> HandleAsync(JobWork work)
    {
        Job job = work.Lease.Job;
        IJobHandler handler = kinds[job.Kind];
        // A wish to cancel begins nothing that could be dangerous.
        if (job.Crashes >= JobStore.MaxCrashes && !work.Cancelled.IsCancellationRequested)
        {
            return await GuardAsync(work, () => GiveUpAsync(handler, work, JobStore.DiedTooOften))
                ?? new JobOutcome.Over(JobStatus.Failed, JobStore.DiedTooOften);
        }

        const string failed = "The job failed unexpectedly; the log has more under its request id.";
        return await GuardAsync(work, () => handler.RunAsync(work))
            ?? await GuardAsync(work, () => GiveUpAsync(handler, work, failed))
            ?? new JobOutcome.Over(JobStatus.Failed, failed);
    }

    private static async Task<JobOutcome> GiveUpAsync(IJobHandler handler, JobWork work, string error)
    {
        await handler.GiveUpAsync(work);
        return new JobOutcome.Over(JobStatus.Failed, error);
    }

    /// <summary>Null when the handler threw, which ends its job, and its job alone.</summary>
    private async Task<JobOutcome?> GuardAsync(JobWork work, Func<Task<JobOutcome>> handle)
    {
        try
        {
            return await handle();
        }
        catch (OperationCanceledException) when (work.Aborted.IsCancellationRequested || work.Stopping.IsCancellationRequested)
        {
            return JobOutcome.ToNextStart;
        }
        catch (Exception failure) when (StorageErrors.IsUnavailable(failure) || StorageErrors.IsFull(failure))
        {
            // Not the job's fault. That it goes back is written as soon as it can be.
            LogStorageAway(work.Lease.Job.Kind, failure.Message);
            return JobOutcome.ToNextStart;
        }
#pragma warning disable CA1031 // The boundary to the handlers: the failure is logged here, and is the job's end.
        catch (Exception failure) when (failure is not LeaseLostException)
#pragma warning restore CA1031
        {
            LogFailed(failure, work.Lease.Job.Kind);
            return null;
        }
    }

    // No token: what the work came to is written down even while the service stops. What can't be written is tried again: a
    // job whose work is done would else hang until the next start.
    private async Task WriteAsync(JobLease lease, JobOutcome outcome, CancellationToken aborted)
    {
        while (!await TryWriteAsync(lease, outcome, aborted))
        {
            await Task.Delay(BetweenWrites, time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        LogEnded(lease.Job.Kind, lease.Job.Attempts, outcome is JobOutcome.Over { Status: var status } ? EnumNames<JobStatus>.Of(status) : "handed back");
    }

    private async Task<bool> TryWriteAsync(JobLease lease, JobOutcome outcome, CancellationToken aborted)
    {
        try
        {
            bool held = outcome is JobOutcome.Over over
                ? await jobs.FinishAsync(lease, over.Status, over.Error, CancellationToken.None)
                : await jobs.HandBackAsync(lease, CancellationToken.None);
            return held ? true : throw new LeaseLostException(lease.JobId);
        }
#pragma warning disable CA1031 // Whatever is the matter with the database: it is logged, and the end is written once it can be.
        catch (Exception failure) when (failure is not LeaseLostException && !aborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogUnwritten(failure, lease.Job.Kind);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of a job of kind {Kind} could not be written; it is tried again")]
    private partial void LogUnwritten(Exception failure, string kind);

    // Its end says as much; a line for each start would double what small jobs log.
    [LoggerMessage(Level = LogLevel.Debug, Message = "Job of kind {Kind} started, attempt {Attempt}")]
    private partial void LogStarted(string kind, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job of kind {Kind} ended at attempt {Attempt}: {Outcome}")]
    private partial void LogEnded(string kind, int attempt, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job of kind {Kind} is another worker's by now; what was at hand is dropped")]
    private partial void LogLeaseLost(string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job of kind {Kind} goes back to the queue: {Why}")]
    private partial void LogStorageAway(string kind, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job of kind {Kind} failed")]
    private partial void LogFailed(Exception failure, string kind);
}
