using AsyncApi.Fetches.Results;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Polly;
using Polly.Retry;

namespace AsyncApi.Fetches.Running;

/// <summary>Makes the recorder of each claim.</summary>
internal sealed partial class FetchRecorders
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly FetchResultStore _results;
    private readonly BodyFiles _bodies;
    private readonly JobSignals _signals;
    private readonly ILogger<FetchRecorders> _logger;
    private readonly ResiliencePipeline _untilWritten;

    public FetchRecorders(FetchResultStore results, BodyFiles bodies, JobSignals signals, TimeProvider time, ILogger<FetchRecorders> logger)
    {
        _results = results;
        _bodies = bodies;
        _signals = signals;
        _logger = logger;
        _untilWritten = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                // A full disk is somebody's to mend; results that have come are not given up for it.
                ShouldHandle = new PredicateBuilder().Handle<StorageFullException>(),
                MaxRetryAttempts = int.MaxValue,
                Delay = Pause,
                OnRetry = arguments =>
                {
                    LogWaiting(arguments.Outcome.Exception);
                    return default;
                },
            })
            .Build();
    }

    public FetchRecorder Create(JobLease lease, Fetch fetch, FetchOptionsView options) =>
        new(lease, fetch, options, _results, _bodies, _signals, _untilWritten);

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no room for results; they are held and written when there is")]
    private partial void LogWaiting(Exception? failure);
}
