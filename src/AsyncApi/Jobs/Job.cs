namespace AsyncApi.Jobs;

/// <summary>A piece of background work: a row first, before anybody hears of it.</summary>
internal sealed class Job
{
    /// <summary>Counts jobs in the order of their arrival; what pages and claims go by.</summary>
    public long Number { get; set; }

    public required Guid Id { get; init; }

    public required string Kind { get; init; }

    public JobStatus Status { get; set; }

    public string? Label { get; set; }

    /// <summary>One of <see cref="ClaimShares.Weights"/>: a job of no class would never be claimed.</summary>
    public int Priority
    {
        get;
        set => field = ClaimShares.Weights.Contains(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "No such class.");
    }

    = ClaimShares.Normal;

    public long Done { get; set; }

    public long Total { get; set; }

    /// <summary>Claims that were not handed back: how often the work was begun.</summary>
    public int Attempts { get; set; }

    /// <summary>Deaths of the process under this job since it last made progress.</summary>
    public int Crashes { get; set; }

    /// <summary>The worker that has it; null while nobody does.</summary>
    public Guid? Owner { get; set; }

    /// <summary>Counts claims. Every later write names it, so that a worker that lost the job changes nothing.</summary>
    public long LeaseToken { get; set; }

    public string? Error { get; set; }

    /// <summary>The request that made the job; it stands on the log lines of its work.</summary>
    public required string RequestId { get; init; }

    /// <summary>Who is to be told when it is over; null for nobody, and once that is under way.</summary>
    public string? CallbackUrl { get; set; }

    public DateTimeOffset CreatedAt
    {
        get;
        init
        {
            field = value;
            ChangedAt = value;
        }
    }

    /// <summary>When it is to start; null for at once.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>When its status last became another.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}
