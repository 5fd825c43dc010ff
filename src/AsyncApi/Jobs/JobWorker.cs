using AsyncApi.Storage;
using Microsoft.Extensions.Options;

namespace AsyncApi.Jobs;

/// <summary>
/// Claims jobs while slots are free and runs them. Stopping ends the claiming; when the drain is over too, what still runs is
/// aborted and goes back to the queue.
/// </summary>
internal sealed partial class JobWorker(
    JobClaimStore jobs, WorkerStore workers, JobRunner runner, RunningJobs entered, WorkerLife life, JobWakeUp wakeUp, JobPoll poll,
    LoopHealth health, JobMetrics metrics, Database database, IOptions<JobsOptions> options, IOptions<ShutdownOptions> shutdown, TimeProvider time, ILogger<JobWorker> logger)
    : JobLoop(health, time, logger)
{
    private readonly ILogger _logger = logger;
    private readonly ClaimShares _shares = new();
    private readonly HashSet<Task> _running = [];
    private readonly CancellationTokenSource _drained = new();
    private bool _mayStandInTable;

    protected override string Name => "worker";

    protected override TimeSpan Patience => poll.AtMost + TimeSpan.FromSeconds(30);

    public override void Dispose()
    {
        _drained.Dispose();
        base.Dispose();
    }

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        if (!life.Entered)
        {
            await EnterAsync(stopping);
        }

        _running.RemoveWhere(task => task.IsCompleted);
        int free = Math.Max(0, options.Value.MaxRunning - _running.Count);
        long wishes = entered.Wishes;
        (Guid id, CancellationToken lost) = life.Now;
        JobClaim claim = await jobs.ClaimAsync(id, free, _shares, stopping);
        foreach (JobLease lease in claim.Leases)
        {
            _running.Add(RunAsync(lease, wishes, lost, stopping));
        }

        if (claim.Leases.Count < Math.Max(free, 1))
        {
            await wakeUp.WaitAsync(poll.UntilNextLook(claim.NextDue), Time, stopping);
        }
    }

    protected override async Task EndAsync()
    {
        _drained.CancelAfter(TimeSpan.FromSeconds(shutdown.Value.DrainSeconds));
        await Task.WhenAll(_running);
        if (_mayStandInTable)
        {
            await workers.LeaveAsync(life.Id, CancellationToken.None);
        }

        LogStopped();
    }

    private async Task EnterAsync(CancellationToken stopping)
    {
        // What an id that was given up had in hand has been told to leave; two runs of one job must not meet.
        await Task.WhenAll(_running).WaitAsync(stopping);
        Guid id = life.Id;
        // From here on, whether a stop comes in the midst of it or not.
        _mayStandInTable = true;
        // Where one process has the database, whatever is marked as running was left by one that is gone.
        await (database.IsShared ? workers.EnterAsync(id, stopping) : workers.EnterAloneAsync(id, stopping));
        await ReturnFormerAsync(stopping);
        int count = await workers.RescueAsync(id, stopping);
        metrics.Rescued(count);
        LogRescued(count);
        life.Entered = true;
    }

    // Before the rescue, which would count a death.
    private async Task ReturnFormerAsync(CancellationToken stopping)
    {
        while (life.HasFormer(out Guid former))
        {
            LogReturned(await workers.ReturnAsync(former, stopping));
            life.ForgetFormer();
        }
    }

    private async Task RunAsync(JobLease lease, long wishes, CancellationToken lost, CancellationToken stopping)
    {
        using CancellationTokenSource aborted = CancellationTokenSource.CreateLinkedTokenSource(_drained.Token, lost);
        try
        {
            await runner.RunAsync(lease, wishes, stopping, aborted.Token);
        }
        catch (Exception away) when (StorageErrors.IsUnavailable(away))
        {
            LogLeft(lease.JobId, away.Message);
        }
#pragma warning disable CA1031 // One job's fault is not the worker's; its row stays as it is and is rescued.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFault(fault, lease.JobId);
        }

        wakeUp.Ring();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} jobs of an earlier run go on")]
    private partial void LogRescued(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} jobs that this worker had to drop go on")]
    private partial void LogReturned(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} waits to be rescued: {Why}")]
    private partial void LogLeft(Guid jobId, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} could not be brought to its end; it waits to be rescued")]
    private partial void LogFault(Exception fault, Guid jobId);

    [LoggerMessage(Level = LogLevel.Information, Message = "The worker has stopped; nothing is in flight")]
    private partial void LogStopped();
}
