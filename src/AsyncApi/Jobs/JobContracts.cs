using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

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
        Links = new JobLinks($"/jobs/{job.Id}", $"/jobs/{job.Id}/cancel", ResourceOf(job)),
    };

    private static string? ResourceOf(Job job) => job.Kind switch
    {
        "fetch" => $"/fetches/{job.Id}",
        "loadTest" => $"/load-tests/{job.Id}",
        _ => null,
    };
}

internal sealed record JobProgress(long Done, long Total);

/// <summary>The data of a <c>progress</c> event.</summary>
internal sealed record JobProgressed(Guid Id, long Done, long Total);

/// <summary>Which jobs to wait for, and for what of them.</summary>
// For the documentation: it is read member by member.
internal sealed record JobWait
{
    /// <summary>1 to 1,000 ids.</summary>
    public required IReadOnlyList<Guid> Ids { get; init; }

    /// <summary>When the answer is given.</summary>
    [DefaultValue("allCompleted")]
    public JobReturnWhen? ReturnWhen { get; init; }

    /// <summary>The longest wait.</summary>
    [Range(0, 60)]
    [DefaultValue(60)]
    public double? TimeoutSeconds { get; init; }
}

/// <summary>asyncio's <c>return_when</c>.</summary>
internal enum JobReturnWhen
{
    AllCompleted,
    FirstCompleted,
    FirstFailed,
}

/// <summary>The jobs that were asked for, each in one of the two, in the order of their ids in the question.</summary>
internal sealed record JobWaitAnswer(IReadOnlyList<JobView> Done, IReadOnlyList<JobView> Pending);

/// <summary>Where to go on from a job.</summary>
internal sealed record JobLinks(string Self, string Cancel, string? Resource);
