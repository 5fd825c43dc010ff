namespace AsyncApi.Jobs;

/// <summary>
/// Takes over the jobs of workers that died; every process does so, and a job is rescued once. Also those of this process that
/// nothing here works on: the claim's commit was not heard of, or their end met a fault.
/// </summary>
internal sealed partial class JobRescuer(
    WorkerStore workers, WorkerLife life, RunningJobs running, JobWakeUp wakeUp, JobMetrics metrics, LoopHealth health, TimeProvider time,
    ILogger<JobRescuer> logger)
    : JobLoop(health, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = logger;
    private HashSet<OwnedJob> _idle = [];

    protected override string Name => "rescuer";

    protected override TimeSpan Patience => Interval * 4;

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        await Task.Delay(Interval, Time, stopping);
        if (!life.Entered)
        {
            return;
        }

        await ReleaseIdleAsync(stopping);
        if (await workers.RescueAsync(life.Id, stopping) is > 0 and var count)
        {
            metrics.Rescued(count);
            LogRescued(count);
            wakeUp.Ring();
        }
    }

    // One look alone may fall between a claim and the beginning of its work. Both see the same claim, or nothing is released.
    private async Task ReleaseIdleAsync(CancellationToken stopping)
    {
        HashSet<OwnedJob> idle = [.. (await workers.ListOwnedAsync(life.Id, stopping)).Where(job => !running.Contains(job.Id))];
        foreach (OwnedJob job in idle.Where(_idle.Contains))
        {
            if (await workers.ReleaseAsync(job, stopping))
            {
                LogIdle(job.Id);
                wakeUp.Ring();
            }
        }

        _idle = idle;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} was this worker's without its knowledge; it goes on")]
    private partial void LogIdle(Guid jobId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} jobs of a worker that died go on")]
    private partial void LogRescued(int count);
}
