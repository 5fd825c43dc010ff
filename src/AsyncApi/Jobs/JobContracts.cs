namespace AsyncApi.Jobs;

/// <summary>A piece of background work and how far it is.</summary>
internal sealed record JobView
{
    public required Guid Id { get; init; }

    public required string Kind { get; init; }

    public required JobStatus Status { get; init; }

    public string? Label { get; init; }

    public required JobProgress Progress { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public string? Error { get; init; }

    public required JobLinks Links { get; init; }

    public static JobView Of(Job job) => new()
    {
        Id = job.Id,
        Kind = job.Kind,
        Status = job.Status,
        Label = job.Label,
        Progress = new JobProgress(job.Done, job.Total),
        Attempts = job.Attempts,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        FinishedAt = job.FinishedAt,
        Error = job.Error,
        Links = new JobLinks($"/jobs/{job.Id}", $"/jobs/{job.Id}/cancel", job.Kind == "fetch" ? $"/fetches/{job.Id}" : null),
    };
}

internal sealed record JobProgress(long Done, long Total);

/// <summary>Where to go on from a job.</summary>
internal sealed record JobLinks(string Self, string Cancel, string? Resource);
