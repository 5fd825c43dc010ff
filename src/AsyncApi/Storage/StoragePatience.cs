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

    private readonly ILogger<StoragePatience> _logger;
    private readonly ResiliencePipeline _pipeline;

    public StoragePatience(TimeProvider time, ILogger<StoragePatience> logger)
    {
        _logger = logger;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(failure => StorageErrors.IsFull(failure) || StorageErrors.IsUnavailable(failure)),
                MaxRetryAttempts = int.MaxValue,
                Delay = Pause,
                OnRetry = arguments =>
                {
                    LogWaiting(arguments.Outcome.Exception!.Message);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>The work's result, or its failure when that is another.</summary>
    public ValueTask<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken token) =>
        _pipeline.ExecuteAsync(async stop => await work(stop), token);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is to be written or read waits: {Why}")]
    private partial void LogWaiting(string why);
}
