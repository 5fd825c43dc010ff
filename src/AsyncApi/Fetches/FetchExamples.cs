using AsyncApi.Fetching;
using AsyncApi.Http.Paging;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches;

/// <summary>What the documentation shows.</summary>
internal static class FetchExamples
{
    private static readonly Guid Id = Guid.Parse("019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001");
    private static readonly DateTimeOffset Created = new(2026, 11, 20, 8, 15, 30, 123, TimeSpan.Zero);

    public static FetchSubmission Submission { get; } = new()
    {
        Urls = ["https://example.com/a", "https://example.com/b"],
        Requests =
        [
            new SubmittedRequest
            {
                Url = "https://example.com/c",
                Method = "POST",
                Headers = new Dictionary<string, string> { ["X-A"] = "1" },
                Body = "text",
                Tag = "order-17",
            },
        ],
        Options = new SubmittedOptionSet
        {
            Concurrency = 100,
            PerHost = new SubmittedPerHost { Concurrency = 10 },
            TimeoutSeconds = 30,
            Retry = new SubmittedRetry { MaxRetries = 3 },
        },
        Priority = FetchPriority.Normal,
        Callback = new SubmittedCallback { Url = "https://me.example/hook" },
        Label = "nightly",
    };

    public static SubmittedChange Change { get; } = new()
    {
        Concurrency = 20,
        PerHost = new SubmittedPerHost { Concurrency = 2, RequestsPerSecond = 5 },
        Priority = FetchPriority.Low,
    };

    public static FetchView Queued { get; } = new()
    {
        Id = Id,
        Status = JobStatus.Queued,
        Label = "nightly",
        Counts = new FetchCounts(1000, 1000, 0, 0, 0, 0),
        Waiting = new FetchWaitingView(1000, 0, 0, 0, 0, 0, 0, 0),
        Bytes = 0,
        Retries = 0,
        CreatedAt = Created,
        Priority = "normal",
        Options = new FetchOptionsView(),
        Links = new FetchLinks($"/fetches/{Id}", $"/fetches/{Id}/results", $"/jobs/{Id}/events", $"/jobs/{Id}/cancel"),
    };

    public static FetchView Running { get; } = Queued with
    {
        Status = JobStatus.Running,
        Counts = new FetchCounts(1000, 300, 100, 590, 10, 0),
        Waiting = new FetchWaitingView(285, 0, 0, 15, 0, 0, 0, 0),
        Bytes = 601_234,
        Retries = 31,
        LatencyMs = new FetchLatency(12.1, 40, 210.5, 900.1),
        StartedAt = Created.AddMilliseconds(4),
    };

    public static FetchView Completed { get; } = Running with
    {
        Status = JobStatus.Completed,
        Counts = new FetchCounts(1000, 0, 0, 985, 15, 0),
        Waiting = new FetchWaitingView(0, 0, 0, 0, 0, 0, 0, 0),
        FinishedAt = Created.AddSeconds(9),
    };

    public static Page<FetchView> Page { get; } = new([Running], null);
}
