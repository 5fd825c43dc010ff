using System.Diagnostics.CodeAnalysis;

namespace AsyncApi.Schedules;

/// <summary>
/// Minute, hour, day of the month, month and day of the week, as crontab(5) has them: names, ranges, steps and lists; Sunday is 0 and 7;
/// where both days are restricted, either suffices. Across a change of the clocks each local minute counts once: those
/// that are skipped fall due together at the end of the gap, those that are repeated only the first time.
/// </summary>
internal sealed class CronExpression
{
    public const int MaxLength = 200;

    // A leap day on a certain day of the week may be forty years away, when a century is in between.
    private const int MaxYears = 41;

    private static readonly CronFieldReader MinuteReader = new("minute", 0, 59);
    private static readonly CronFieldReader HourReader = new("hour", 0, 23);
    private static readonly CronFieldReader DayReader = new("day of the month", 1, 31);

    private static readonly CronFieldReader MonthReader =
        new("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]);

    private static readonly CronFieldReader WeekdayReader = new("day of the week", 0, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);

    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _days;
    private readonly CronField _months;
    private readonly CronField _weekdays;

    private CronExpression(CronField minutes, CronField hours, CronField days, CronField months, CronField weekdays) =>
        (_minutes, _hours, _days, _months, _weekdays) =
            (minutes, hours, days, months, weekdays with { Values = weekdays.Values | (weekdays.Values >> 7) });

    /// <summary>On false, <paramref name="fault"/> says what is wrong and what would be right.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CronExpression? cron, out string? fault)
    {
        cron = null;
        string[] fields = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            fault = $"must have five fields (minute, hour, day of the month, month, day of the week), such as */5 * * * *; has {fields.Length}";
            return false;
        }

        CronField? minutes = MinuteReader.Read(fields[0], out string? minuteFault);
        CronField? hours = HourReader.Read(fields[1], out string? hourFault);
        CronField? days = DayReader.Read(fields[2], out string? dayFault);
        CronField? months = MonthReader.Read(fields[3], out string? monthFault);
        CronField? weekdays = WeekdayReader.Read(fields[4], out string? weekdayFault);
        fault = minuteFault ?? hourFault ?? dayFault ?? monthFault ?? weekdayFault;
        if (fault is null)
        {
            CronExpression read = new(minutes!.Value, hours!.Value, days!.Value, months!.Value, weekdays!.Value);
            cron = read.Comes() ? read : null;
            fault = cron is null ? "never comes: none of its months has such a day" : null;
        }

        return cron is not null;
    }

    /// <summary>The first due time after <paramref name="after"/>, in UTC; null when there is none before the calendar ends.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset after, TimeZoneInfo zone)
    {
        DateTime local = Whole(ZoneClock.LocalOf(after.UtcDateTime, zone));
        while (NextLocal(local.AddMinutes(1)) is { } next)
        {
            DateTime due = ZoneClock.UtcOf(next, zone);
            if (due > after.UtcDateTime)
            {
                return new DateTimeOffset(due, TimeSpan.Zero);
            }

            // Repeated after the clocks went back: it was due an hour ago.
            local = next;
        }

        return null;
    }

    private static DateTime Whole(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));

    /// <summary>The first local minute from <paramref name="from"/> on at which all fields hold.</summary>
    private DateTime? NextLocal(DateTime from)
    {
        DateTime end = from.Year < DateTime.MaxValue.Year - MaxYears ? from.AddYears(MaxYears) : DateTime.MaxValue.AddDays(-32);
        DateTime day = from.Date;
        while (day < end)
        {
            if (!_months.Holds(day.Month))
            {
                day = new DateTime(day.Year, day.Month, 1).AddMonths(1);
                continue;
            }

            if (IsDay(day) && NextInDay(day == from.Date ? from.TimeOfDay : TimeSpan.Zero) is { } time)
            {
                return day + time;
            }

            day = day.AddDays(1);
        }

        return null;
    }

    private bool IsDay(DateTime day)
    {
        bool monthDay = _days.Holds(day.Day);
        bool weekday = _weekdays.Holds((int)day.DayOfWeek);
        return _days.IsStar || _weekdays.IsStar ? monthDay && weekday : monthDay || weekday;
    }

    private TimeSpan? NextInDay(TimeSpan from)
    {
        int minute = _minutes.From(from.Minutes);
        int hour = _hours.From(minute < 0 ? from.Hours + 1 : from.Hours);
        if (hour < 0)
        {
            return null;
        }

        return new TimeSpan(hour, hour == from.Hours ? minute : _minutes.From(0), 0);
    }

    private bool Comes() =>
        !(_days.IsStar || _weekdays.IsStar)
        || Enumerable.Range(1, 12).Any(month => _months.Holds(month) && _days.From(1) <= DateTime.DaysInMonth(2000, month));
}
