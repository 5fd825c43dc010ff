using AsyncApi.Fetching;

namespace AsyncApi.Fetches.Results;

/// <summary>A result together with what its request brings along, as it was read. Its body is read apart, by <see cref="ResultBodies"/>.</summary>
internal sealed record ResultRow
{
    public required long FetchKey { get; init; }

    public required int Seq { get; init; }

    public required int Index { get; init; }

    public string? Tag { get; init; }

    public required string Method { get; init; }

    public required string Url { get; init; }

    public string? FinalUrl { get; init; }

    public FetchOutcome Outcome { get; init; }

    public int Status { get; init; }

    public FetchReason Reason { get; init; }

    public string? Message { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public long DurationMicroseconds { get; init; }

    public long WaitedMicroseconds { get; init; }

    public string? ContentType { get; init; }

    /// <summary>A JSON object of arrays; null when no answer came, or when headers were not asked for.</summary>
    public byte[]? Headers { get; init; }

    public long BodyBytes { get; init; }

    public bool BodyTruncated { get; init; }

    public BodyPlace BodyPlace { get; init; }

    /// <summary>Of the only attempt, where <see cref="Timeline"/> is null.</summary>
    public FetchWaitReason WaitedFor { get; init; }

    /// <summary>Of the only attempt.</summary>
    public long? FirstByteMicroseconds { get; init; }

    /// <summary>Of the only attempt; null when attempts were not asked for, too.</summary>
    public string? Address { get; init; }

    /// <summary>A JSON array of several attempts, or of one with redirects; null when attempts were not asked for, too.</summary>
    public byte[]? Timeline { get; init; }
}
