using AsyncApi.Fetching;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Running;

/// <summary>The stored options in the engine's words.</summary>
internal static class EngineTerms
{
    /// <param name="options">The fetch's effective options.</param>
    /// <param name="job">Its job.</param>
    /// <param name="untilDeadline">What is left of <c>deadlineSeconds</c>; zero when there is no deadline.</param>
    public static FetchOptions Of(FetchOptionsView options, Job job, TimeSpan untilDeadline) => new()
    {
        Concurrency = options.Concurrency,
        PerHostConcurrency = options.PerHost.Concurrency,
        RequestsPerSecond = options.PerHost.RequestsPerSecond,
        Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
        RequestTimeout = TimeSpan.FromSeconds(options.RequestTimeoutSeconds),
        Deadline = untilDeadline,
        StopWhen = options.StopWhen,
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
        IdempotencyKeyPrefix = options.SendIdempotencyKey ? job.Id.ToString() : null,
        Priority = (FetchPriority)job.Priority,
        CorrelationId = job.RequestId,
    };

    /// <summary>The part of the options that may change while the fetch runs.</summary>
    public static FetchLimits LimitsOf(FetchOptionsView options, int priority) =>
        new(options.Concurrency, options.PerHost.Concurrency, options.PerHost.RequestsPerSecond, (FetchPriority)priority);
}
