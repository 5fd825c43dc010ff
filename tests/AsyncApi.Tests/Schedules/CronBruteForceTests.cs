using AsyncApi.Schedules;

namespace AsyncApi.Tests.Schedules;

/// <summary>Every due time of ten years, against a walk through all their minutes that knows nothing of how they are computed.</summary>
public sealed class CronBruteForceTests
{
    private const int Years = 10;

    /// <summary>Expressions with what they mean, written by hand.</summary>
    private static readonly (string Cron, Func<DateTime, bool> Holds)[] Expressions =
    [
        ("30 2 * * *", time => time is { Hour: 2, Minute: 30 }),
        ("0 0 * * *", time => time is { Hour: 0, Minute: 0 }),
        ("*/20 * * * *", time => time.Minute % 20 == 0),
        ("7 */3 * * *", time => time.Minute == 7 && time.Hour % 3 == 0),
        ("15,45 0-3 * MAR-NOV SUN", time => time is { Minute: 15 or 45, Hour: <= 3, Month: >= 3 and <= 11, DayOfWeek: DayOfWeek.Sunday }),
        ("59 23 28-31 * *", time => time is { Minute: 59, Hour: 23, Day: >= 28 }),
        ("5 1 13 * FRI", time => time is { Minute: 5, Hour: 1 } && (time.Day == 13 || time.DayOfWeek == DayOfWeek.Friday)),
        ("0 12 29 2 *", time => time is { Minute: 0, Hour: 12, Day: 29, Month: 2 }),
    ];

    [Theory]
    [InlineData("Europe/Berlin", 2024)]
    [InlineData("America/New_York", 2024)]
    [InlineData("America/Sao_Paulo", 2012)]
    [InlineData("Australia/Lord_Howe", 2024)]
    [InlineData("Africa/Casablanca", 2024)]
    [InlineData("Europe/Dublin", 2024)]
    [InlineData("Asia/Gaza", 2010)]
    [InlineData("Antarctica/Troll", 2024)]
    [InlineData("Pacific/Apia", 2008)]
    [InlineData("Asia/Kathmandu", 2024)]
    public void Due_times_are_those_of_the_walk(string name, int year)
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        DateTime start = new(year, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        List<DateTime>[] walked = Walk(zone, start, start.AddYears(Years));

        foreach (((string cron, _), List<DateTime> expected) in Expressions.Zip(walked))
        {
            Computed(cron, zone, start, expected[^1]).ShouldBe(expected, $"{cron} in {name}");
        }
    }

    /// <summary>At each minute of UTC the clock shows the minutes since the last it showed: one, none when it was set back, many when it was set forward.</summary>
    private static List<DateTime>[] Walk(TimeZoneInfo zone, DateTime start, DateTime end)
    {
        List<DateTime>[] due = [.. Expressions.Select(_ => new List<DateTime>())];
        DateTime shown = start + zone.GetUtcOffset(start);
        for (DateTime utc = start.AddMinutes(1); utc < end; utc = utc.AddMinutes(1))
        {
            DateTime local = utc + zone.GetUtcOffset(utc);
            for (; shown < local; shown = shown.AddMinutes(1))
            {
                DateTime minute = shown.AddMinutes(1);
                for (int i = 0; i < Expressions.Length; i++)
                {
                    if (Expressions[i].Holds(minute) && (due[i].Count == 0 || due[i][^1] != utc))
                    {
                        due[i].Add(utc);
                    }
                }
            }
        }

        return due;
    }

    private static List<DateTime> Computed(string text, TimeZoneInfo zone, DateTime start, DateTime last)
    {
        CronExpression.TryParse(text, out CronExpression? cron, out _).ShouldBeTrue();
        List<DateTime> due = [];
        DateTimeOffset time = new(start);
        while (time.UtcDateTime < last)
        {
            time = cron!.NextAfter(time, zone)!.Value;
            due.Add(time.UtcDateTime);
        }

        return due;
    }
}
