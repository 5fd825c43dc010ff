using AsyncApi.Fetching;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches;

/// <summary>A batch of requests and how far it is.</summary>
internal sealed record FetchView
{
    public required Guid Id { get; init; }

    public required JobStatus Status { get; init; }

    public string? Label { get; init; }

    public required FetchCounts Counts { get; init; }

    public required FetchWaitingView Waiting { get; init; }

    public required long Bytes { get; init; }

    public required long Retries { get; init; }

    public FetchLatency? LatencyMs { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public required string Priority { get; init; }

    public required FetchOptionsView Options { get; init; }

    public string? Error { get; init; }

    public required FetchLinks Links { get; init; }
}

/// <summary>The five always add up to the total.</summary>
internal sealed record FetchCounts(int Total, int Pending, int Running, int Succeeded, int Failed, int Cancelled);

/// <summary>Why the pending requests are not running; adds up to their number.</summary>
internal sealed record FetchWaitingView(int Slot, int Host, int Rate, int Retry, int RetryAfter, int Circuit, int Paused, int Scheduled);

internal sealed record FetchLatency(double P50, double P90, double P99, double Max)
{
    /// <summary>Null when there is none.</summary>
    public static FetchLatency? Of(LatencyHistogram latencies) =>
        latencies.IsEmpty ? null : new FetchLatency(At(latencies, 0.5), At(latencies, 0.9), At(latencies, 0.99), At(latencies, 1));

    private static double At(LatencyHistogram latencies, double share) => Math.Round(latencies.AtShare(share) / 1000.0, 1);
}

internal sealed record FetchLinks(string Self, string Results, string Events, string Cancel);

/// <summary>The effective options.</summary>
// Also how they are stored.
internal sealed record FetchOptionsView
{
    public int Concurrency { get; init; } = 100;

    public PerHostView PerHost { get; init; } = new();

    public double TimeoutSeconds { get; init; } = 30;

    public double RequestTimeoutSeconds { get; init; }

    public double DeadlineSeconds { get; init; }

    public RetryView Retry { get; init; } = new();

    public FetchStopWhen StopWhen { get; init; }

    public OnInvalid OnInvalid { get; init; }

    public long MaxBodyBytes { get; init; } = 1024 * 1024;

    public bool StoreBodies { get; init; } = true;

    public int MaxRedirects { get; init; } = 5;

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> SecretHeaders { get; init; } = [];

    public bool SendIdempotencyKey { get; init; }
}

internal sealed record PerHostView(int Concurrency = 10, double RequestsPerSecond = 0);

internal sealed record RetryView
{
    public int MaxRetries { get; init; } = 3;

    public double BaseDelaySeconds { get; init; } = 0.2;

    public double MaxDelaySeconds { get; init; } = 60;

    public IReadOnlyList<int> Statuses { get; init; } = RetryOptions.DefaultStatuses;
}

/// <summary>What becomes of a submission with a bad request in it.</summary>
internal enum OnInvalid
{
    /// <summary>The whole submission is refused.</summary>
    Reject,

    /// <summary>The bad request is recorded as failed, the rest runs.</summary>
    Record,
}
