using AsyncApi.Jobs;

namespace AsyncApi.LoadTests;

/// <summary>What the documentation shows.</summary>
internal static class LoadTestExamples
{
    private static readonly LoadPlan Plan = new()
    {
        Url = "http://127.0.0.1:5080/health/live",
        Requests = 1_000,
        Concurrency = 50,
        DurationSeconds = LoadPlan.MaxSeconds,
    };

    private static readonly LoadMeasurement Figures = new()
    {
        Requests = 1_000,
        Succeeded = 990,
        Failed = 10,
        ElapsedSeconds = 0.125,
        RequestsPerSecond = 8_000,
        MegabytesPerSecond = 0.48,
        TotalMegabytes = 0.06,
        LatencyMs = new LoadLatency(0.9, 6.1, 5.8, 9.2, 10.5, 14.7, 31.2),
        Statuses = new Dictionary<string, long> { ["200"] = 990, ["503"] = 7 },
        Reasons = new Dictionary<string, long> { ["timeout"] = 3 },
        Histogram = [new LoadBucket(6.143, 610), new LoadBucket(31.2, 390)],
    };

    public static LoadTestSubmission Submission { get; } = new()
    {
        Url = Plan.Url,
        Requests = 1_000,
        Concurrency = 50,
        DurationSeconds = 10,
        RequestsPerSecond = 500,
    };

    public static LoadTestView Queued { get; } = LoadTestView.Of(JobIn(JobStatus.Queued), Plan, LoadMeasurement.None);

    public static LoadTestView Completed { get; } = LoadTestView.Of(JobIn(JobStatus.Completed), Plan, Figures);

    private static Job JobIn(JobStatus status)
    {
        DateTimeOffset created = new(2026, 11, 20, 8, 15, 30, 123, TimeSpan.Zero);
        return new Job
        {
            Id = Guid.Parse("019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a002"),
            Kind = LoadTest.JobKind,
            Status = status,
            RequestId = "",
            CreatedAt = created,
            StartedAt = status.IsOver() ? created.AddMilliseconds(4) : null,
            FinishedAt = status.IsOver() ? created.AddMilliseconds(130) : null,
        };
    }
}
