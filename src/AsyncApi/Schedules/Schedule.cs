namespace AsyncApi.Schedules;

/// <summary>A fetch that is made again and again.</summary>
internal sealed class Schedule
{
    /// <summary>Counts schedules in the order of their arrival; what pages go by.</summary>
    public long Number { get; set; }

    public required Guid Id { get; init; }

    public required string Cron { get; set; }

    /// <summary>An IANA name.</summary>
    public required string TimeZone { get; set; }

    public string? Label { get; set; }

    public bool Enabled { get; set; }

    public OnMissed OnMissed { get; set; }

    public OnOverlap OnOverlap { get; set; }

    /// <summary>The submission that each run makes, as JSON; it was found right when it was given.</summary>
    public required string Fetch { get; set; }

    /// <summary>Null when it is not enabled.</summary>
    public DateTimeOffset? NextRunAt { get; set; }

    public DateTimeOffset? LastRunAt { get; set; }

    public Guid? LastJobId { get; set; }

    /// <summary>Why the last due time made no fetch, when it should have.</summary>
    public string? LastError { get; set; }

    /// <summary>Counts changes. A run names the one it was decided at, so that each due time makes one fetch, whoever decides.</summary>
    public long Version { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The first due times after <paramref name="after"/>, whether it is enabled or not.</summary>
    public IEnumerable<DateTimeOffset> DueTimes(DateTimeOffset after)
    {
        // Both were found right when they were given; a zone may have gone from this machine since.
        if (!CronExpression.TryParse(Cron, out CronExpression? cron, out _) || !ZoneClock.TryFind(TimeZone, out TimeZoneInfo? zone))
        {
            yield break;
        }

        while (cron.NextAfter(after, zone) is { } next)
        {
            yield return after = next;
        }
    }

    public DateTimeOffset? NextAfter(DateTimeOffset after)
    {
        foreach (DateTimeOffset due in DueTimes(after))
        {
            return due;
        }

        return null;
    }
}

/// <summary>What becomes of due times that passed while nothing could run.</summary>
internal enum OnMissed
{
    /// <summary>All of them together are one run, as soon as it can be.</summary>
    RunOnce,

    /// <summary>They are passed over.</summary>
    Skip,
}

/// <summary>What becomes of a due time at which the run before is not over.</summary>
internal enum OnOverlap
{
    /// <summary>It is passed over.</summary>
    Skip,

    /// <summary>It runs beside it.</summary>
    Allow,
}
