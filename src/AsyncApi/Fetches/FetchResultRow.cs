using AsyncApi.Fetching;

namespace AsyncApi.Fetches;

/// <summary>One result as it is stored: appended once, never changed.</summary>
internal sealed class FetchResultRow
{
    /// <summary><see cref="RowKey"/> of the fetch and the seq.</summary>
    public long Id { get; set; }

    /// <summary>The request's key; unique, so that no request can have two results.</summary>
    public long RequestId { get; set; }

    public FetchOutcome Outcome { get; set; }

    public FetchReason Reason { get; set; }

    public string? Message { get; set; }

    /// <summary>The HTTP status; 0 when no answer came.</summary>
    public int Status { get; set; }

    public int Attempts { get; set; }

    /// <summary>Unix milliseconds; null when it never started.</summary>
    public long? StartedAt { get; set; }

    public long DurationMicroseconds { get; set; }

    public long WaitedMicroseconds { get; set; }

    public string? FinalUrl { get; set; }

    public string? ContentType { get; set; }

    /// <summary>A JSON object of arrays: the answer's headers, secrets already masked.</summary>
    public byte[]? Headers { get; set; }

    public long BodyBytes { get; set; }

    public bool BodyTruncated { get; set; }

    public BodyPlace BodyPlace { get; set; }

    /// <summary>Of the only attempt: what it waited for; null where <see cref="Timeline"/> tells.</summary>
    public FetchWaitReason? WaitedFor { get; set; }

    /// <summary>Of the only attempt; null when no answer came.</summary>
    public long? FirstByteMicroseconds { get; set; }

    /// <summary>Of the only attempt: where it was connected to.</summary>
    public string? Address { get; set; }

    /// <summary>A JSON array of <see cref="AttemptView"/>; null when there was one attempt at most and no redirect, which the columns tell.</summary>
    public byte[]? Timeline { get; set; }
}

/// <summary>A request that waits for its next attempt: so that no crash shortens the wait or forgets an attempt.</summary>
internal sealed class FetchWaitRow
{
    /// <summary>The request's key.</summary>
    public long RequestId { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    public FetchWaitReason WaitsFor { get; set; }

    /// <summary>A JSON array of <see cref="AttemptView"/>.</summary>
    public required byte[] Timeline { get; set; }
}

/// <summary>Where the kept bytes lie.</summary>
internal enum BodyPlace
{
    /// <summary>None were kept.</summary>
    None,

    /// <summary>In a <see cref="FetchBodyRow"/>.</summary>
    Row,

    /// <summary>In a file of the bodies folder.</summary>
    File,

    /// <summary>In <see cref="BodyPartRow"/>s: a large body where several processes share the database.</summary>
    Parts,
}

/// <summary>A part of a large body; its key is its result's and the part's number.</summary>
internal sealed class BodyPartRow
{
    /// <summary>The bytes of every part but the last.</summary>
    public const int Size = 256 * 1024;

    public long Id { get; set; }

    public int Part { get; set; }

    public required byte[] Body { get; set; }
}

/// <summary>A small body; its key is its result's.</summary>
internal sealed class FetchBodyRow
{
    public long Id { get; set; }

    public required byte[] Body { get; set; }
}
