namespace AsyncApi.Jobs;

/// <summary>Runs one claimed job by its kind's handler, and writes down how it ended.</summary>
internal sealed partial class JobRunner(
    IEnumerable<IJobHandler> handlers, JobStore jobs, JobSignals signals, RunningJobs running, ILogger<JobRunner> logger)
{
    private readonly Dictionary<string, IJobHandler> _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    public async Task RunAsync(JobLease lease, CancellationToken stopping, CancellationToken aborted)
    {
        Job job = lease.Job;
        using IDisposable? scope = logger.BeginScope(new Dictionary<string, object> { ["RequestId"] = job.RequestId, ["JobId"] = job.Id });
        CancellationToken cancelled = running.Enter(job);
        try
        {
            // The wish may have come between the claim and now.
            cancelled = await IsCancellingAsync(job) ? new CancellationToken(canceled: true) : cancelled;
            signals.Changed(job.Id);
            LogStarted(job.Kind, job.Attempts);
            JobOutcome outcome = await HandleAsync(new JobWork(lease, cancelled, stopping, aborted));
            await WriteAsync(lease, outcome);
        }
        catch (LeaseLostException)
        {
            LogLeaseLost(job.Kind);
        }
        finally
        {
            running.Leave(job);
            signals.Changed(job.Id);
        }
    }

    private async Task<bool> IsCancellingAsync(Job job) =>
        (await jobs.FindAsync(job.Id, CancellationToken.None))?.Status == JobStatus.Cancelling;

    private async Task<JobOutcome> HandleAsync(JobWork work)
    {
        Job job = work.Lease.Job;
        IJobHandler handler = _handlers[job.Kind];
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
#pragma warning disable CA1031 // The boundary to the handlers: the failure is logged here, and is the job's end.
        catch (Exception failure) when (failure is not LeaseLostException)
#pragma warning restore CA1031
        {
            LogFailed(failure, work.Lease.Job.Kind);
            return null;
        }
    }

    // No token: what the work came to is written down even while the service stops.
    private async Task WriteAsync(JobLease lease, JobOutcome outcome)
    {
        bool held = outcome is JobOutcome.Over over
            ? await jobs.FinishAsync(lease, over.Status, over.Error, CancellationToken.None)
            : await jobs.HandBackAsync(lease, CancellationToken.None);
        if (!held)
        {
            throw new LeaseLostException(lease.JobId);
        }

        LogEnded(lease.Job.Kind, outcome is JobOutcome.Over { Status: var status } ? status.ToString() : "handed back");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job of kind {Kind} started, attempt {Attempt}")]
    private partial void LogStarted(string kind, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job of kind {Kind} ended: {Outcome}")]
    private partial void LogEnded(string kind, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job of kind {Kind} is another worker's by now; what was at hand is dropped")]
    private partial void LogLeaseLost(string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job of kind {Kind} failed")]
    private partial void LogFailed(Exception failure, string kind);
}
