using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Running;

/// <summary>Runs a fetch: from the rows through the engine into the rows.</summary>
internal sealed class FetchJobHandler(
    FetchEngine engine, FetchStore fetches, Database database, FetchRecorders recorders, LiveFetches live) : IJobHandler
{
    public string Kind => Fetch.JobKind;

    public async Task<JobOutcome> RunAsync(JobWork work)
    {
        FetchRecord record = await fetches.FindAsync(work.Lease.JobId, work.Aborted)
            ?? throw new InvalidOperationException("The job has no fetch.");
        FetchOptionsView options = FetchViews.ReadOptions(record.Fetch);
        FetchRecorder recorder = recorders.Create(work.Lease, record.Fetch, options);
        if (!work.Cancelled.IsCancellationRequested)
        {
            await recorder.RecordRefusedAsync(work.Aborted);
            await RunAsync(work, record, options, recorder);
        }

        if (work.Cancelled.IsCancellationRequested)
        {
            await recorder.CancelRestAsync(work.Aborted);
            return JobOutcome.Cancelled;
        }

        return recorder.LastSeq == record.Fetch.Total ? JobOutcome.Completed : JobOutcome.ToNextStart;
    }

    public async Task GiveUpAsync(JobWork work)
    {
        // Read anew: a run that failed may have recorded results after it began.
        if (await fetches.FindAsync(work.Lease.JobId, work.Aborted) is { } record)
        {
            await recorders.Create(work.Lease, record.Fetch, FetchViews.ReadOptions(record.Fetch)).StopRestAsync(work.Aborted);
        }
    }

    private async Task RunAsync(JobWork work, FetchRecord record, FetchOptionsView options, FetchRecorder recorder)
    {
        FetchSourceStore source = new(database, record.Fetch.Key, resumed: record.Fetch.LastSeq > 0);
        await using FetchRun run = engine.Start(source, EngineTerms.Of(options, record.Job));
        live.Enter(record.Job.Id, new LiveFetch(run));
        try
        {
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
}
