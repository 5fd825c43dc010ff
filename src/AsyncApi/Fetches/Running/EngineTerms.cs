using AsyncApi.Fetching;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Running;

/// <summary>The stored options in the engine's words.</summary>
internal static class EngineTerms
{
    public static FetchOptions Of(FetchOptionsView options, Job job) => new()
    {
        Concurrency = options.Concurrency,
        PerHostConcurrency = options.PerHost.Concurrency,
        Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
        Retry = new RetryOptions
        {
            MaxRetries = options.Retry.MaxRetries,
            BaseDelay = TimeSpan.FromSeconds(options.Retry.BaseDelaySeconds),
            MaxDelay = TimeSpan.FromSeconds(options.Retry.MaxDelaySeconds),
            Statuses = options.Retry.Statuses,
        },
        MaxBodyBytes = options.MaxBodyBytes,
        MaxRedirects = options.MaxRedirects,
        Headers = FetchHeaders.Of(options.Headers),
        Priority = (FetchPriority)job.Priority,
        CorrelationId = job.RequestId,
    };
}
