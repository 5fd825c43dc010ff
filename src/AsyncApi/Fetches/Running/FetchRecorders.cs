using AsyncApi.Fetches.Results;
using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Running;

/// <summary>Makes the recorder of each claim.</summary>
internal sealed class FetchRecorders(
    FetchResultStore results, FetchWaitStore waits, BodyFiles bodies, JobSignals signals, StoragePatience patience, FetchMetrics metrics,
    TimeProvider time, ILoggerFactory loggers)
{
    public FetchRecorder Create(JobLease lease, Fetch fetch, FetchOptionsView options) =>
        new(lease, fetch, options, results, bodies, signals, patience, metrics);

    public FetchWaitLog CreateWaitLog(JobLease lease, Fetch fetch) =>
        new(lease, fetch.Key, waits, time, loggers.CreateLogger<FetchWaitLog>());
}
