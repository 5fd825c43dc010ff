namespace AsyncApi.Fetching;

/// <summary>The limits and habits of one fetch. The defaults are those of the service's contract.</summary>
public sealed record FetchOptions
{
    /// <summary>Attempts of this fetch in flight at once: the semaphore of a bounded gather. 1 to 5,000; default 100.</summary>
    public int Concurrency { get; init; } = 100;

    /// <summary>Attempts of this fetch in flight to one host at once. 1 to 1,000; default 10.</summary>
    public int PerHostConcurrency { get; init; } = 10;

    /// <summary>
    /// Time for one attempt, from the connect to the last byte, redirects included; waiting for a slot never counts.
    /// Enforced to within 50 ms. Up to a day; default 30 s.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

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
