namespace AsyncApi.Jobs;

/// <summary>Takes over the jobs of workers that died. Every process does so; a job is rescued once.</summary>
internal sealed partial class JobRescuer(
    WorkerStore workers, WorkerLife life, JobWakeUp wakeUp, LoopHealth health, TimeProvider time, ILogger<JobRescuer> logger)
    : JobLoop(health, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = logger;

    protected override string Name => "rescuer";

    protected override TimeSpan Patience => Interval * 4;

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        await Task.Delay(Interval, Time, stopping);
        if (!life.Entered)
        {
            return;
        }

        await ReturnFormerAsync(stopping);
        if (await workers.RescueAsync(life.Id, stopping) is > 0 and var count)
        {
            LogRescued(count);
            wakeUp.Ring();
        }
    }

    // Once the database is back, nobody need wait until a former id of this process counts as dead.
    private async Task ReturnFormerAsync(CancellationToken stopping)
    {
        while (life.HasFormer(out Guid former))
        {
            if (await workers.ReturnAsync(former, stopping) is > 0 and var count)
            {
                LogReturned(count);
                wakeUp.Ring();
            }

            life.ForgetFormer();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} jobs that this worker had to drop go on")]
    private partial void LogReturned(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} jobs of a worker that died go on")]
    private partial void LogRescued(int count);
}
