namespace AsyncApi.Fetching;

/// <summary>The limits and habits of one fetch. The defaults are those of the service's contract.</summary>
public sealed record FetchOptions
{
    /// <summary>Attempts of this fetch in flight at once: the semaphore of a bounded gather. 1 to 5,000; default 100.</summary>
    public int Concurrency { get; init; } = 100;

    /// <summary>Attempts of this fetch in flight to one host at once. 1 to 1,000; default 10.</summary>
    public int PerHostConcurrency { get; init; } = 10;

    /// <summary>
    /// Attempts of this fetch that start to one host in a second, whatever the second begins with. 0 sets no limit; up to 10,000.
    /// </summary>
    public double RequestsPerSecond { get; init; }

    /// <summary>
    /// Time for one attempt, from the connect to the last byte, redirects included; waiting for a slot never counts.
    /// Enforced to within 50 ms. Up to a day; default 30 s.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Time for all attempts of one request and the waits between them, from its first start. Zero sets no limit; up to a day.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; }

    /// <summary>
    /// Time for the whole fetch, from its start: asyncio's <c>timeout</c> around a gather. Then what is in flight or waits is cut and ends
    /// with <see cref="FetchReason.Deadline"/>. Zero sets no limit; up to seven days.
    /// </summary>
    public TimeSpan Deadline { get; init; }

    /// <summary>Whether one outcome ends the whole fetch.</summary>
    public FetchStopWhen StopWhen { get; init; }

    /// <summary>
    /// Every request that brings no <c>Idempotency-Key</c> of its own carries one of this, a hyphen and its index, the same on every
    /// attempt; it may then be retried whatever its method. Null adds none.
    /// </summary>
    public string? IdempotencyKeyPrefix { get; init; }

    /// <summary>When a failed attempt is tried again.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>Bytes of a decoded body that are kept; the rest is not read. 0 reads no body. Up to 1 GiB; default 1 MiB.</summary>
    public long MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>Redirects followed in one attempt. 0 makes the 3xx the result. Default 5.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>Its share of the engine beside other fetches.</summary>
    public FetchPriority Priority { get; init; } = FetchPriority.Normal;

    /// <summary>Headers for every request; a request's own header of the same name wins.</summary>
    public FetchHeaders Headers { get; init; } = FetchHeaders.None;

    /// <summary>Sent as <c>X-Request-Id</c> on every request, so that a target's log can be matched. Null sends none.</summary>
    public string? CorrelationId { get; init; }
}
