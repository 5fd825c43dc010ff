using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.LoadTests;

/// <summary>Runs a load test from its beginning: what a process that died had measured says nothing of the rest.</summary>
internal sealed class LoadTestJobHandler(LoadTestStore tests, JobSignals signals, TimeProvider time) : IJobHandler
{
    private static readonly TimeSpan BetweenFigures = TimeSpan.FromSeconds(1);

    public string Kind => LoadTest.JobKind;

    public async Task<JobOutcome> RunAsync(JobWork work)
    {
        LoadPlan plan = await tests.ReadPlanAsync(work.Lease.JobId, work.Aborted);
        using LoadSender sender = new(plan, work.Lease.Job.RequestId, time);
        LoadRun run = new(plan, sender.SendAsync, time);
        using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(work.Cancelled, work.Stopping, work.Aborted);
        Task running = run.RunAsync(cut.Token);
        try
        {
            while (await Task.WhenAny(running, Task.Delay(BetweenFigures, time, cut.Token)) != running && !cut.IsCancellationRequested)
            {
                await tests.RecordAsync(work.Lease, run.Figures, isAll: false, work.Aborted);
                signals.Changed(work.Lease.JobId);
            }
        }
        finally
        {
            // It may be a figure that could not be written; the rest would go on unseen.
            if (!running.IsCompleted)
            {
                await cut.CancelAsync();
            }

            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await EndAsync(work, run, running);
    }

    public async ValueTask<Func<CancellationToken, Task>?> HideAsync(Guid job, WriteSession session, CancellationToken token)
    {
        await LoadTestStore.RemoveAsync(session, job, token);
        return null;
    }

    private async Task<JobOutcome> EndAsync(JobWork work, LoadRun run, Task running)
    {
        bool isCut = running.IsCanceled;
        if (isCut && !work.Cancelled.IsCancellationRequested)
        {
            return JobOutcome.ToNextStart;
        }

        await tests.RecordAsync(work.Lease, run.Figures, isAll: !isCut, work.Aborted);
        if (isCut)
        {
            return JobOutcome.Cancelled;
        }

        // A fault of its own fails the job.
        await running;
        return JobOutcome.Completed;
    }
}
