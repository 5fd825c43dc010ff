namespace AsyncApi.Fetching;

/// <summary>A host as the engine sees it now.</summary>
public sealed record HostState
{
    /// <summary>Scheme, name and port.</summary>
    public required HostKey Key { get; init; }

    /// <summary>Attempts in flight, over all fetches.</summary>
    public int Running { get; init; }

    /// <summary>Requests that wait, for whatever reason, over all fetches.</summary>
    public long Waiting { get; init; }

    /// <summary>The limit on attempts in flight.</summary>
    public int Concurrency { get; init; }

    /// <summary>The limit on starts in a second; 0 for none.</summary>
    public double RequestsPerSecond { get; init; }

    /// <summary>Whether it counts as broken.</summary>
    public CircuitState Circuit { get; init; }

    /// <summary>When an open circuit lets the next probe through.</summary>
    public DateTimeOffset? OpenUntil { get; init; }

    /// <summary>Until when the host asked to be left alone.</summary>
    public DateTimeOffset? RetryAfterUntil { get; init; }
}

/// <summary>The state of a host's circuit breaker (Nygard, "Release It!", 2007).</summary>
public enum CircuitState
{
    /// <summary>Requests go through.</summary>
    Closed,

    /// <summary>No request goes through.</summary>
    Open,

    /// <summary>One request at a time goes through, to find out.</summary>
    HalfOpen,
}

/// <summary>The limits of one host over all fetches.</summary>
/// <param name="Concurrency">Attempts in flight; null takes <see cref="FetchEngineOptions.HostConcurrency"/>. 1 to 100,000.</param>
/// <param name="RequestsPerSecond">Starts in a second; 0 for no limit. Up to 10,000.</param>
public sealed record HostLimits(int? Concurrency, double RequestsPerSecond);
