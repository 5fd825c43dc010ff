using System.Net;

namespace AsyncApi.Fetching;

/// <summary>One attempt of a request.</summary>
public sealed record FetchAttempt
{
    /// <summary>When it got its slot.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What it waited for last before that; <see cref="FetchWaitReason.None"/> when it did not have to wait.</summary>
    public FetchWaitReason WaitedFor { get; init; }

    /// <summary>How long it waited before it started.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>From its start to the answer's headers; null when none came.</summary>
    public TimeSpan? FirstByte { get; init; }

    /// <summary>From its start to its end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The address that it was connected to; null when it came to no connection, or the guard refused.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>The HTTP status, or 0 when no answer came.</summary>
    public int Status { get; init; }

    /// <summary>Why it did not succeed.</summary>
    public FetchReason Reason { get; init; }

    /// <summary>The redirects that it followed.</summary>
    public IReadOnlyList<FetchRedirect> Redirects { get; init; } = [];
}

/// <summary>A redirect that was followed.</summary>
/// <param name="Status">The redirecting answer's status.</param>
/// <param name="Url">Where it led.</param>
public sealed record FetchRedirect(int Status, Uri Url);
