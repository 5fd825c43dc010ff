using System.Net;
using AsyncApi.Fetching;

namespace AsyncApi.Fetches;

/// <summary>One attempt of a request.</summary>
// Also how attempts are stored.
internal sealed record AttemptView
{
    /// <summary>When it got its slot.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What it waited for last before that: slot, host, rate, retry, retryAfter, circuit or paused; null when it did not have to wait.</summary>
    public FetchWaitReason? WaitedFor { get; init; }

    /// <summary>How long it waited before it started.</summary>
    public required double WaitedMs { get; init; }

    /// <summary>From its start to the answer's headers; null when none came.</summary>
    public double? FirstByteMs { get; init; }

    /// <summary>From its start to its end.</summary>
    public required double DurationMs { get; init; }

    /// <summary>The address and port that it was connected to.</summary>
    public string? Address { get; init; }

    public int? Status { get; init; }

    public FetchReason? Reason { get; init; }

    /// <summary>The redirects that it followed.</summary>
    public IReadOnlyList<RedirectView> Redirects { get; init; } = [];

    public static AttemptView Of(FetchAttempt attempt) => new()
    {
        StartedAt = attempt.StartedAt,
        WaitedFor = attempt.WaitedFor is FetchWaitReason.None ? null : attempt.WaitedFor,
        WaitedMs = Milliseconds(attempt.Waited),
        FirstByteMs = attempt.FirstByte is { } firstByte ? Milliseconds(firstByte) : null,
        DurationMs = Milliseconds(attempt.Duration),
        Address = attempt.Address?.ToString(),
        Status = attempt.Status == 0 ? null : attempt.Status,
        Reason = attempt.Reason is FetchReason.None ? null : attempt.Reason,
        Redirects = [.. attempt.Redirects.Select(redirect => new RedirectView(redirect.Status, redirect.Url.AbsoluteUri))],
    };

    public FetchAttempt ToAttempt() => new()
    {
        StartedAt = StartedAt,
        WaitedFor = WaitedFor ?? FetchWaitReason.None,
        Waited = TimeSpan.FromMilliseconds(WaitedMs),
        FirstByte = FirstByteMs is { } firstByte ? TimeSpan.FromMilliseconds(firstByte) : null,
        Duration = TimeSpan.FromMilliseconds(DurationMs),
        Address = Address is null ? null : IPEndPoint.Parse(Address),
        Status = Status ?? 0,
        Reason = Reason ?? FetchReason.None,
        Redirects = [.. Redirects.Select(redirect => new FetchRedirect(redirect.Status, new Uri(redirect.Url)))],
    };

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}

/// <summary>A redirect that was followed: the redirecting answer's status, and where it led.</summary>
internal sealed record RedirectView(int Status, string Url);
