namespace AsyncApi.Fetching;

/// <summary>What holds for every fetch of one engine.</summary>
public sealed record FetchEngineOptions
{
    /// <summary>What requests call themselves when nobody says otherwise.</summary>
    public const string DefaultUserAgent = "AsyncApi/0.1";

    /// <summary>Attempts in flight at once over all fetches. 1 to 100,000; default 2,000.</summary>
    public int MaxConcurrency { get; init; } = 2_000;

    /// <summary>Attempts in flight at once to one host over all fetches. 1 to 100,000; default 100.</summary>
    public int HostConcurrency { get; init; } = 100;

    /// <summary>When a host counts as broken.</summary>
    public CircuitOptions Circuit { get; init; } = new();

    /// <summary>What raises <see cref="FetchEngine.HostHeld"/>.</summary>
    internal Action<HostKey, DateTimeOffset>? HostHeld { get; init; }

    /// <summary>Which addresses may be connected to. By default public ones alone.</summary>
    public AddressPolicy AddressPolicy { get; init; } = new();

    /// <summary>What requests call themselves unless they bring a <c>User-Agent</c> of their own.</summary>
    public string UserAgent { get; init; } = DefaultUserAgent;

    /// <summary>
    /// Where bodies over <see cref="SpoolThreshold"/> are written while they arrive, so that memory stays bounded
    /// whatever <see cref="FetchOptions.MaxBodyBytes"/> allows. Null keeps every body in memory.
    /// </summary>
    public string? SpoolFolder { get; init; }

    /// <summary>Bodies of more bytes than this go to <see cref="SpoolFolder"/>. Default 64 KiB.</summary>
    public int SpoolThreshold { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes of bodies that may lie in memory, arrived but not taken by the readers of results, before no further
    /// request starts. Default 64 MiB.
    /// </summary>
    public long MaxUnreadBodyBytes { get; init; } = 64L * 1024 * 1024;
}
