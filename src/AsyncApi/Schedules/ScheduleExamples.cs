using AsyncApi.Fetches;
using AsyncApi.Http.Paging;

namespace AsyncApi.Schedules;

/// <summary>What the documentation shows.</summary>
internal static class ScheduleExamples
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 8, 15, 30, 123, TimeSpan.Zero);

    public static ScheduleSubmission Submission { get; } = new()
    {
        Cron = "30 2 * * MON-FRI",
        TimeZone = "Europe/Berlin",
        Fetch = new FetchSubmission { Urls = ["https://example.com/a", "https://example.com/b"] },
        Label = "nightly",
        Enabled = true,
        OnMissed = OnMissed.RunOnce,
        OnOverlap = OnOverlap.Skip,
    };

    public static ScheduleView View { get; } = ScheduleView.Of(Example(), Now);

    public static Page<ScheduleView> Page { get; } = new([ScheduleView.ListedOf(Example(), Now)], null);

    public static DueTimesView DueTimes { get; } = new(View.NextRuns);

    private static Schedule Example()
    {
        Schedule schedule = new()
        {
            Id = Guid.Parse("019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a002"),
            Cron = "",
            TimeZone = "",
            Fetch = "",
            CreatedAt = Now,
        };
        new ScheduleDraft(
            Submission.Cron, Submission.TimeZone!, Submission.Label, true, OnMissed.RunOnce, OnOverlap.Skip,
            """{"urls":["https://example.com/a","https://example.com/b"]}""").ApplyTo(schedule, Now);
        return schedule;
    }
}
