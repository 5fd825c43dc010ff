namespace AsyncApi.Fetching;

/// <summary>
/// When a host's circuit opens: attempts that failed at the transport or with a 5xx count as failures. While it is open nothing is sent
/// to the host; then one probe at a time, and a success closes it.
/// </summary>
public sealed record CircuitOptions
{
    /// <summary>The part of recent attempts that must have failed. Over 0, to 1; default 0.5.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>Fewer recent attempts never open it. 2 to 10,000; default 20.</summary>
    public int MinimumAttempts { get; init; } = 20;

    /// <summary>What counts as recent. 0.5 s to an hour; default 30 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it stays open before a probe. 0.5 s to an hour; default 15 s.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(15);
}
