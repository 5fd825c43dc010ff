using Polly;
using Polly.Retry;

namespace AsyncApi.Storage;

/// <summary>
/// For work in the background that is not given up because the disk is full or the database away: it waits until somebody has
/// mended that. What is run must bear being run again.
/// </summary>
internal sealed partial class StoragePatience
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Every fetch that runs waits and looks each second: a line for each would fill the log, and perhaps the disk that is full already.
    private static readonly TimeSpan SaidAgain = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger<StoragePatience> _logger;
    private readonly ResiliencePipeline _pipeline;
    private string? _said;
    private long _saidAt;

    public StoragePatience(TimeProvider time, ILogger<StoragePatience> logger)
    {
        (_time, _logger) = (time, logger);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(failure => StorageErrors.IsFull(failure) || StorageErrors.IsUnavailable(failure)),
                MaxRetryAttempts = int.MaxValue,
                Delay = Pause,
                OnRetry = arguments =>
                {
                    Say(arguments.Outcome.Exception!.Message);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>The work's result, or its failure when that is another.</summary>
    public ValueTask<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken token) =>
        _pipeline.ExecuteAsync(async stop => await work(stop), token);

    private void Say(string why)
    {
        lock (_lock)
        {
            if (_said == why && _time.GetElapsedTime(_saidAt) < SaidAgain)
            {
                return;
            }

            (_said, _saidAt) = (why, _time.GetTimestamp());
        }

        LogWaiting(why);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is to be written or read waits: {Why}")]
    private partial void LogWaiting(string why);
}
