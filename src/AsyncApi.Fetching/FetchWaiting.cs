namespace AsyncApi.Fetching;

/// <summary>How many requests of a fetch wait for what. Each request is counted once, by what holds it back longest.</summary>
public sealed record FetchWaiting
{
    /// <summary>For a slot of the fetch or of the engine, or to be read.</summary>
    public int Slot { get; init; }

    /// <summary>For a slot of the host, within the fetch or over all fetches.</summary>
    public int Host { get; init; }

    /// <summary>For the next start that a rate allows.</summary>
    public int Rate { get; init; }

    /// <summary>For the backoff before a retry.</summary>
    public int Retry { get; init; }

    /// <summary>Because the host asked for it.</summary>
    public int RetryAfter { get; init; }

    /// <summary>For the host's circuit to close.</summary>
    public int Circuit { get; init; }

    /// <summary>For the fetch to be resumed.</summary>
    public int Paused { get; init; }
}

/// <summary>What a request waits for.</summary>
public enum FetchWaitReason
{
    /// <summary>For nothing.</summary>
    None,

    /// <summary>For a slot of the fetch or of the engine.</summary>
    Slot,

    /// <summary>For a slot of the host.</summary>
    Host,

    /// <summary>For the next start that a rate allows.</summary>
    Rate,

    /// <summary>For the backoff before a retry.</summary>
    Retry,

    /// <summary>Because the host asked for it.</summary>
    RetryAfter,

    /// <summary>For the host's circuit to close.</summary>
    Circuit,

    /// <summary>For the fetch to be resumed.</summary>
    Paused,
}
