namespace AsyncApi.Jobs;

/// <summary>Looks for what users wished for where nobody could tell the work at once: by way of another process.</summary>
internal sealed class JobWishes(
    JobControlStore jobs, RunningJobs running, WorkerLife life, LoopHealth health, TimeProvider time, ILogger<JobWishes> logger)
    : JobLoop(health, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override string Name => "wishes";

    protected override TimeSpan Patience => TimeSpan.FromSeconds(20);

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        await Task.Delay(Interval, Time, stopping);
        if (running.Count == 0)
        {
            return;
        }

        foreach (Job job in await jobs.FindWishesAsync(life.Id, stopping))
        {
            await (job.Status == JobStatus.Cancelling ? running.CancelAsync(job.Id) : running.PauseAsync(job.Id));
        }
    }
}
