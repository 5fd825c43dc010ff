namespace AsyncApi.Fetching;

/// <summary>
/// Exponential backoff with full jitter: the wait before retry <c>n</c> is a random part of
/// <c>min(MaxDelay, BaseDelay × 2ⁿ)</c> (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
/// </summary>
public sealed record RetryOptions
{
    /// <summary>The statuses that a fetch tries again by default.</summary>
    public static readonly IReadOnlyList<int> DefaultStatuses = [408, 425, 429, 500, 502, 503, 504];

    /// <summary>Retries after the first attempt. 0 to 20; default 3.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The ceiling of the first wait. Default 0.2 s.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>
    /// The ceiling of any wait. A <c>Retry-After</c> that asks for longer fails the request at once. Up to 30 days; default 60 s.
    /// </summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Final statuses that are tried again.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = DefaultStatuses;
}
