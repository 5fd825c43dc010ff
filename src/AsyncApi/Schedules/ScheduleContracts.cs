using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using AsyncApi.Fetches;

namespace AsyncApi.Schedules;

/// <summary>A fetch and when to make it.</summary>
// For the documentation: a schedule is read member by member.
internal sealed record ScheduleSubmission
{
    /// <summary>Minute, hour, day of the month, month and day of the week, with names, ranges, steps and lists.</summary>
    [MaxLength(CronExpression.MaxLength)]
    public required string Cron { get; init; }

    /// <summary>The IANA name of the zone whose clock is meant.</summary>
    [DefaultValue("UTC")]
    public string? TimeZone { get; init; }

    /// <summary>What each run submits, as to <c>POST /fetches</c>.</summary>
    public required FetchSubmission Fetch { get; init; }

    /// <summary>A name to find it by; its fetches have it too, unless they have their own.</summary>
    [MaxLength(200)]
    public string? Label { get; init; }

    /// <summary>Whether it runs by itself.</summary>
    [DefaultValue(true)]
    public bool? Enabled { get; init; }

    /// <summary>What becomes of due times that passed more than a minute ago, because the service was down.</summary>
    [DefaultValue("runOnce")]
    public OnMissed? OnMissed { get; init; }

    /// <summary>What becomes of a due time at which the run before is not over.</summary>
    [DefaultValue("skip")]
    public OnOverlap? OnOverlap { get; init; }
}

/// <summary>A schedule.</summary>
internal sealed record ScheduleView
{
    private const int Previewed = 5;

    public required Guid Id { get; init; }

    public required string Cron { get; init; }

    public required string TimeZone { get; init; }

    public string? Label { get; init; }

    public required bool Enabled { get; init; }

    public required OnMissed OnMissed { get; init; }

    public required OnOverlap OnOverlap { get; init; }

    /// <summary>What each run submits, without the values of secret headers; null in lists.</summary>
    public JsonObject? Fetch { get; init; }

    /// <summary>Null when it is not enabled.</summary>
    public DateTimeOffset? NextRunAt { get; init; }

    /// <summary>The next due times that can be told; empty when it is not enabled.</summary>
    public required IReadOnlyList<DateTimeOffset> NextRuns { get; init; }

    public DateTimeOffset? LastRunAt { get; init; }

    /// <summary>The last run's fetch.</summary>
    public Guid? LastJobId { get; init; }

    /// <summary>Why the last due time made no fetch, when it should have.</summary>
    public string? LastError { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required ScheduleLinks Links { get; init; }

    public static ScheduleView Of(Schedule schedule, DateTimeOffset now) => ListedOf(schedule, now) with { Fetch = FetchTemplate.Show(schedule) };

    public static ScheduleView ListedOf(Schedule schedule, DateTimeOffset now) => new()
    {
        Id = schedule.Id,
        Cron = schedule.Cron,
        TimeZone = schedule.TimeZone,
        Label = schedule.Label,
        Enabled = schedule.Enabled,
        OnMissed = schedule.OnMissed,
        OnOverlap = schedule.OnOverlap,
        NextRunAt = schedule.NextRunAt,
        NextRuns = schedule.Enabled ? [.. schedule.DueTimes(now).Take(Previewed)] : [],
        LastRunAt = schedule.LastRunAt,
        LastJobId = schedule.LastJobId,
        LastError = schedule.LastError,
        CreatedAt = schedule.CreatedAt,
        UpdatedAt = schedule.UpdatedAt,
        Links = new ScheduleLinks(
            $"/schedules/{schedule.Id}", $"/schedules/{schedule.Id}/run", $"/schedules/{schedule.Id}/next",
            schedule.LastJobId is { } job ? $"/fetches/{job}" : null),
    };
}

/// <summary>Where to go on from a schedule.</summary>
internal sealed record ScheduleLinks(string Self, string Run, string Next, string? LastFetch);

/// <summary>When a schedule falls due.</summary>
internal sealed record DueTimesView(IReadOnlyList<DateTimeOffset> Items);
