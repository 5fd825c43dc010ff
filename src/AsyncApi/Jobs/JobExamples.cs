using AsyncApi.Http.Paging;

namespace AsyncApi.Jobs;

/// <summary>What the documentation shows.</summary>
internal static class JobExamples
{
    private static readonly Guid Id = Guid.Parse("019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001");
    private static readonly DateTimeOffset Created = new(2026, 11, 20, 8, 15, 30, 123, TimeSpan.Zero);

    public static JobView Running { get; } = JobView.Of(new Job
    {
        Id = Id,
        Kind = "fetch",
        Status = JobStatus.Running,
        Label = "nightly",
        Done = 600,
        Total = 1000,
        Attempts = 1,
        RequestId = "",
        CreatedAt = Created,
        StartedAt = Created.AddMilliseconds(4),
    });

    public static JobView Paused { get; } = Running with { Status = JobStatus.Paused };

    public static JobView Cancelling { get; } = Running with { Status = JobStatus.Cancelling };

    public static object Wait { get; } = new { ids = new[] { Id }, returnWhen = "firstFailed", timeoutSeconds = 30 };

    public static JobWaitAnswer Waited { get; } = new([], [Running]);

    public static string Events { get; } =
        $"id: 9602\nevent: progress\ndata: {{\"id\":\"{Id}\",\"done\":600,\"total\":1000}}\n\n";

    public static Page<JobView> Page { get; } = new([Running], null);
}
