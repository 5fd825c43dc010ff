namespace AsyncApi.LoadTests;

/// <summary>What a load test has come to.</summary>
internal abstract record LoadFigures
{
    /// <summary>Those that have ended.</summary>
    public long Requests { get; init; }

    /// <summary>Answered with 2xx or 3xx.</summary>
    public long Succeeded { get; init; }

    public long Failed { get; init; }

    /// <summary>From the first request's start to the last answer's end; while it runs, to now.</summary>
    public double ElapsedSeconds { get; init; }

    public double RequestsPerSecond { get; init; }

    /// <summary>Of the answers' bodies; a megabyte is a million bytes.</summary>
    public double MegabytesPerSecond { get; init; }

    public double TotalMegabytes { get; init; }

    /// <summary>Of what was answered, whatever the status, or timed out; null when nothing was.</summary>
    public LoadLatency? LatencyMs { get; init; }

    /// <summary>How many answers had which status.</summary>
    public IReadOnlyDictionary<string, long> Statuses { get; init; } = new Dictionary<string, long>();

    /// <summary>How many requests had no whole answer, by the reason.</summary>
    public IReadOnlyDictionary<string, long> Reasons { get; init; } = new Dictionary<string, long>();

    /// <summary>With <c>requestsPerSecond</c>: those that found all connections busy when they were to start. Their latency counts from then.</summary>
    public long StartedLate { get; init; }

    /// <summary>The latencies again, each under the least bound that it does not exceed.</summary>
    public IReadOnlyList<LoadBucket> Histogram { get; init; } = [];
}

/// <summary>What was measured.</summary>
// Also how it is stored.
internal sealed record LoadMeasurement : LoadFigures
{
    public static LoadMeasurement None { get; } = new();
}

/// <summary>Latencies in milliseconds; the percentiles are at most a 128th too high.</summary>
internal sealed record LoadLatency(double Min, double Mean, double P50, double P90, double P95, double P99, double Max);

/// <summary>How many latencies lie above the bound before and not above this one.</summary>
internal sealed record LoadBucket(double UpToMs, long Count);
