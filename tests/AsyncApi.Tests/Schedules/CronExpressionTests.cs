using AsyncApi.Schedules;

namespace AsyncApi.Tests.Schedules;

public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("* * * * *", "2026-11-20T08:15:30Z", "2026-11-20T08:16:00Z")]
    [InlineData("*/5 * * * *", "2026-11-20T08:15:00Z", "2026-11-20T08:20:00Z")]
    [InlineData("58-59 23 31 12 *", "2026-11-20T08:15:00Z", "2026-12-31T23:58:00Z")]
    [InlineData("0 9-17/4 * * MON-FRI", "2026-11-20T13:00:00Z", "2026-11-20T17:00:00Z")]
    [InlineData("0 9-17/4 * * mon-fri", "2026-11-20T17:00:00Z", "2026-11-23T09:00:00Z")]
    [InlineData("0 0 * * 7", "2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z")]
    [InlineData("0 0 * * 5-7", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")]
    [InlineData("0,30 0,12 1 jan,JUL *", "2026-11-20T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z")]
    [InlineData("0 0 29 2 */7", "2088-03-01T00:00:00Z", "2128-02-29T00:00:00Z")]
    [InlineData("0 0 31 * *", "2026-11-20T00:00:00Z", "2026-12-31T00:00:00Z")]
    public void Next_due_time_is_the_first_that_holds(string cron, string after, string next) =>
        Parse(cron).NextAfter(Time(after), TimeZoneInfo.Utc).ShouldBe(Time(next));

    [Theory]
    [InlineData("0 0 13 * FRI", "2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z")]
    [InlineData("0 0 */13 * FRI", "2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z")]
    [InlineData("0 0 */13 * FRI", "2026-11-27T00:00:00Z", "2027-01-01T00:00:00Z")]
    public void Days_of_both_kinds_suffice_each_unless_one_begins_with_a_star(string cron, string after, string next) =>
        Parse(cron).NextAfter(Time(after), TimeZoneInfo.Utc).ShouldBe(Time(next));

    [Theory]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "*/20 2 * * *", "2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "*/20 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z")]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("Europe/Berlin", "*/30 * * * *", "2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z")]
    [InlineData("Pacific/Apia", "0 12 30 12 *", "2011-12-01T00:00:00Z", "2011-12-30T10:00:00Z")]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00:00Z", "2026-10-03T15:30:00Z")]
    public void Skipped_minutes_fall_due_at_the_end_of_the_gap_and_repeated_ones_once(string zone, string cron, string after, string next) =>
        Parse(cron).NextAfter(Time(after), TimeZoneInfo.FindSystemTimeZoneById(zone)).ShouldBe(Time(next));

    [Theory]
    [InlineData("", "must have five fields")]
    [InlineData("@daily", "must have five fields")]
    [InlineData("* * * *", "has 4")]
    [InlineData("0 * * * * *", "has 6")]
    [InlineData("60 * * * *", "minute \"60\" must be a whole number from 0 to 59")]
    [InlineData("* 24 * * *", "hour \"24\" must be a whole number from 0 to 23")]
    [InlineData("* * 0 * *", "day of the month \"0\" must be a whole number from 1 to 31")]
    [InlineData("* * * 13 *", "month \"13\" must be a whole number from 1 to 12, or a name such as JAN")]
    [InlineData("* * * * 8", "day of the week \"8\" must be a whole number from 0 to 7, or a name such as SUN")]
    [InlineData("* * * * FUN", "day of the week \"FUN\" must be")]
    [InlineData("-1 * * * *", "minute \"\" must be")]
    [InlineData("+1 * * * *", "minute \"+1\" must be")]
    [InlineData("1, * * * *", "minute \"\" must be")]
    [InlineData("*/0 * * * *", "the step of minute \"*/0\" must be a whole number from 1 to 59")]
    [InlineData("*/ * * * *", "the step of minute \"*/\" must be")]
    [InlineData("*/1/2 * * * *", "more than one step")]
    [InlineData("5/15 * * * *", "a step without a range: write 5-59/15")]
    [InlineData("1-2-3 * * * *", "is no range")]
    [InlineData("* * * * FRI-MON", "runs backwards: write FRI-7,0-MON")]
    [InlineData("? * * * *", "minute \"?\" must be")]
    [InlineData("* * L * *", "day of the month \"L\" must be")]
    [InlineData("99999999999 * * * *", "minute \"99999999999\" must be")]
    [InlineData("0 0 31 2 *", "never comes")]
    [InlineData("0 0 31 2,4,6,9,11 *", "never comes")]
    [InlineData("0 0 30 2 */2", "never comes")]
    public void Wrong_expression_is_refused_with_the_reason(string text, string reason)
    {
        CronExpression.TryParse(text, out CronExpression? cron, out string? fault).ShouldBeFalse();

        cron.ShouldBeNull();
        fault.ShouldNotBeNull().ShouldContain(reason);
    }

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("UTC", true)]
    [InlineData("Etc/GMT+5", true)]
    [InlineData("W. Europe Standard Time", false)]
    [InlineData("Europe/Berlin ", false)]
    [InlineData("Europe/Atlantis", false)]
    [InlineData("../../etc/passwd", false)]
    [InlineData("/etc/localtime", false)]
    [InlineData("", false)]
    [InlineData("\0", false)]
    public void Time_zones_are_known_by_their_IANA_names(string name, bool known) => ZoneClock.TryFind(name, out _).ShouldBe(known);

    [Fact]
    public void End_of_the_calendar_is_no_fault() =>
        Parse("0 0 29 2 *").NextAfter(new DateTimeOffset(9998, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc).ShouldBeNull();

    private static CronExpression Parse(string text) =>
        CronExpression.TryParse(text, out CronExpression? cron, out string? fault) ? cron : throw new FormatException(fault);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
