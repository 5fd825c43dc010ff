using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AsyncApi.Jobs;

namespace AsyncApi.LoadTests;

/// <summary>One request that is sent many times.</summary>
// For the documentation: it is read member by member.
internal sealed record LoadTestSubmission
{
    /// <summary>Its host must be one of `LoadTests:AllowedHosts`; without such a list, the service itself.</summary>
    [MaxLength(8192)]
    public required string Url { get; init; }

    /// <summary>A method.</summary>
    [DefaultValue("GET")]
    public string? Method { get; init; }

    /// <summary>Headers to send.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>A body as text; up to 64 KiB.</summary>
    public string? Body { get; init; }

    /// <summary>A body as bytes, in place of <c>body</c>; up to 64 KiB.</summary>
    public string? BodyBase64 { get; init; }

    /// <summary>It ends after so many; 1,000 where no <c>durationSeconds</c> is given, else as many as there is time for.</summary>
    [Range(1, LoadPlan.MaxRequests)]
    public int? Requests { get; init; }

    /// <summary>The most in flight at once: 50; 200 with <c>requestsPerSecond</c>.</summary>
    [Range(1, LoadPlan.MaxConcurrency)]
    public int? Concurrency { get; init; }

    /// <summary>Nothing starts after so long.</summary>
    [Range(0.1, LoadPlan.MaxSeconds)]
    [DefaultValue(LoadPlan.MaxSeconds)]
    public double? DurationSeconds { get; init; }

    /// <summary>
    /// Makes it an open model: so many start in a second, whatever the answers do, and latency counts from when a request was to start. Without
    /// it, the next one starts when one has ended.
    /// </summary>
    [Range(0.1, LoadPlan.MaxRate)]
    public double? RequestsPerSecond { get; init; }
}

/// <summary>A load test and what it has come to; while it runs, so far.</summary>
internal sealed record LoadTestView : LoadFigures
{
    private LoadTestView(LoadFigures figures)
        : base(figures)
    {
    }

    public required Guid Id { get; init; }

    public required JobStatus Status { get; init; }

    public required string Url { get; init; }

    public required string Method { get; init; }

    public required LoadPlanView Plan { get; init; }

    public string? Error { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public required LoadTestLinks Links { get; init; }

    public static string PathOf(Guid id) => $"/load-tests/{id}";

    public static LoadTestView Of(Job job, LoadPlan plan, LoadFigures figures) => new(figures)
    {
        Id = job.Id,
        Status = job.Status,
        Url = plan.Url,
        Method = plan.Method,
        Plan = new LoadPlanView(plan.Requests, plan.Concurrency, plan.DurationSeconds, plan.RequestsPerSecond),
        Error = job.Error,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        FinishedAt = job.FinishedAt,
        Links = new LoadTestLinks(PathOf(job.Id), $"/jobs/{job.Id}/events", $"/jobs/{job.Id}/cancel"),
    };
}

/// <summary>How much is sent, and how fast.</summary>
internal sealed record LoadPlanView(int Requests, int Concurrency, double DurationSeconds, double? RequestsPerSecond);

/// <summary>Where to go on from a load test.</summary>
internal sealed record LoadTestLinks(string Self, string Events, string Cancel);
