using System.Text.Json;
using AsyncApi.Fetches.Submission;
using AsyncApi.Http.Input;

namespace AsyncApi.Schedules;

/// <summary>What a client says of a schedule, found right.</summary>
internal sealed record ScheduleDraft(
    string Cron, string TimeZone, string? Label, bool Enabled, OnMissed OnMissed, OnOverlap OnOverlap, string Fetch)
{
    public Schedule ToSchedule(DateTimeOffset now)
    {
        Schedule schedule = new() { Id = Guid.CreateVersion7(now), Cron = "", TimeZone = "", Fetch = "", CreatedAt = now };
        ApplyTo(schedule, now);
        return schedule;
    }

    /// <summary>A due time that has come and not yet run stays, unless the times themselves are new.</summary>
    public void ApplyTo(Schedule schedule, DateTimeOffset now)
    {
        bool sameTimes = (schedule.Cron, schedule.TimeZone, schedule.Enabled) == (Cron, TimeZone, Enabled);
        schedule.Cron = Cron;
        schedule.TimeZone = TimeZone;
        schedule.Label = Label;
        schedule.Enabled = Enabled;
        schedule.OnMissed = OnMissed;
        schedule.OnOverlap = OnOverlap;
        schedule.Fetch = Fetch;
        schedule.NextRunAt = sameTimes ? schedule.NextRunAt : Enabled ? schedule.NextAfter(now) : null;
        schedule.LastError = null;
        schedule.Version++;
        schedule.UpdatedAt = now;
    }
}

/// <summary>Judges schedules; the fetch in them as <c>POST /fetches</c> does.</summary>
internal sealed class ScheduleReader(SubmissionReader submissions)
{
    private const int MaxLabelLength = 200;
    private const int MaxZoneLength = 100;

    /// <summary>Null when the body's faults say why.</summary>
    public ScheduleDraft? Read(JsonObjectReader body)
    {
        string? cron = body.String("cron", CronExpression.MaxLength, required: true);
        if (cron is not null && !CronExpression.TryParse(cron, out _, out string? fault))
        {
            body.Fault("cron", fault!);
        }

        string zone = body.String("timeZone", MaxZoneLength) ?? "UTC";
        if (!ZoneClock.TryFind(zone, out _))
        {
            body.Fault("timeZone", $"must be the IANA name of a time zone, such as Europe/Berlin, was {Quoted.Of(zone)}");
        }

        JsonElement? fetch = body.Raw("fetch", required: true);
        if (fetch is { ValueKind: JsonValueKind.Object } template)
        {
            submissions.ReadJson(new JsonObjectReader(template, body.Faults, "fetch"));
        }
        else if (fetch is { } other)
        {
            body.Fault("fetch", $"must be an object, was {JsonKind.Of(other)}");
        }

        string? label = body.String("label", MaxLabelLength);
        bool enabled = body.Bool("enabled") ?? true;
        OnMissed onMissed = body.Enum<OnMissed>("onMissed") ?? OnMissed.RunOnce;
        OnOverlap onOverlap = body.Enum<OnOverlap>("onOverlap") ?? OnOverlap.Skip;
        body.Complete();
        return body.Faults.Any ? null : new ScheduleDraft(cron!, zone, label, enabled, onMissed, onOverlap, fetch!.Value.GetRawText());
    }
}
