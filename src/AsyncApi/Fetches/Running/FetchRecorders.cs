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
    private readonly FetchWaitStore _waits;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger<FetchRecorders> _logger;
    private readonly ResiliencePipeline _untilWritten;

    public FetchRecorders(
        FetchResultStore results, FetchWaitStore waits, BodyFiles bodies, JobSignals signals, TimeProvider time, ILoggerFactory loggers)
    {
        _waits = waits;
        _time = time;
        _loggers = loggers;
        _results = results;
        _bodies = bodies;
        _signals = signals;
        _logger = loggers.CreateLogger<FetchRecorders>();
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

    public FetchWaitLog CreateWaitLog(JobLease lease, Fetch fetch) =>
        new(lease, fetch.Key, _waits, _time, _loggers.CreateLogger<FetchWaitLog>());

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no room for results; they are held and written when there is")]
    private partial void LogWaiting(Exception? failure);
}
