using Microsoft.Extensions.Options;

namespace AsyncApi.Jobs;

/// <summary>
/// Claims jobs while slots are free and runs them. Stopping ends the claiming; when the drain is over too, what still runs is
/// aborted and goes back to the queue.
/// </summary>
internal sealed partial class JobWorker(
    JobStore jobs, JobRunner runner, JobWakeUp wakeUp, WorkerHealth health, IOptions<JobsOptions> options,
    IOptions<ShutdownOptions> shutdown, TimeProvider time, ILogger<JobWorker> logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    private readonly Guid _id = Guid.CreateVersion7(time.GetUtcNow());
    private readonly HashSet<Task> _running = [];
    private readonly CancellationTokenSource _aborted = new();

    public override void Dispose()
    {
        _aborted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool rescued = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                health.Beat();
                if (!rescued)
                {
                    // One process has the data folder, so whatever is marked as running was left by one that is gone.
                    int count = await jobs.RescueAsync(stoppingToken);
                    rescued = true;
                    LogRescued(count);
                }

                if (!await ClaimAsync(stoppingToken))
                {
                    await WaitForWorkAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // The loop's boundary: a fault is logged once, and the loop goes on after a pause.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogFault(fault);
                health.Fault();
                await Task.Delay(PauseAfterFault, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await DrainAsync();
    }

    /// <summary>True when the queue may hold more.</summary>
    private async Task<bool> ClaimAsync(CancellationToken stopping)
    {
        _running.RemoveWhere(task => task.IsCompleted);
        int free = Math.Max(0, options.Value.MaxRunning - _running.Count);
        IReadOnlyList<JobLease> claimed = await jobs.ClaimAsync(_id, free, stopping);
        foreach (JobLease lease in claimed)
        {
            _running.Add(RunAsync(lease, stopping));
        }

        return claimed.Count >= Math.Max(free, 1);
    }

    private async Task RunAsync(JobLease lease, CancellationToken stopping)
    {
        try
        {
            await runner.RunAsync(lease, stopping, _aborted.Token);
        }
#pragma warning disable CA1031 // One job's fault is not the worker's; its row stays as it is and is rescued.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFault(fault);
            health.Fault();
        }

        wakeUp.Ring();
    }

    private async Task WaitForWorkAsync(CancellationToken stopping)
    {
        TimeSpan poll = TimeSpan.FromSeconds(options.Value.PollSeconds);
        await wakeUp.WaitAsync(poll, time, stopping);
    }

    private async Task DrainAsync()
    {
        _aborted.CancelAfter(TimeSpan.FromSeconds(shutdown.Value.DrainSeconds));
        await Task.WhenAll(_running);
        LogStopped();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} jobs of an earlier run go on")]
    private partial void LogRescued(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The worker met a fault and goes on")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The worker has stopped; nothing is in flight")]
    private partial void LogStopped();
}
