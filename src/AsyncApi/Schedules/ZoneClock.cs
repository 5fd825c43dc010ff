using System.Diagnostics.CodeAnalysis;

namespace AsyncApi.Schedules;

/// <summary>
/// What the clock on the wall shows, and when it first showed it. It asks a zone only for its offset at an instant, which is never
/// ambiguous.
/// </summary>
internal static class ZoneClock
{
    // No clock is further from UTC than this.
    private static readonly TimeSpan Reach = TimeSpan.FromHours(15);

    /// <summary>By its IANA name, such as <c>Europe/Berlin</c>; no other name is known.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out TimeZoneInfo? zone) =>
        // Windows' names would be found as well, and would mean something else elsewhere.
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone) && (zone.HasIanaId || zone.Id == name) && !HasBlank(name);

    public static DateTime LocalOf(DateTime utc, TimeZoneInfo zone) => DateTime.SpecifyKind(utc + zone.GetUtcOffset(utc), DateTimeKind.Unspecified);

    /// <summary>The first instant at which the clock shows this minute or, where it skips it, the end of what it skips.</summary>
    public static DateTime UtcOf(DateTime local, TimeZoneInfo zone)
    {
        DateTime asUtc = DateTime.SpecifyKind(local, DateTimeKind.Utc);
        DateTime early = asUtc - Reach;
        DateTime late = asUtc + Reach;
        TimeSpan before = zone.GetUtcOffset(early);
        TimeSpan after = zone.GetUtcOffset(late);
        if (before == after)
        {
            return asUtc - before;
        }

        DateTime change = ChangeBetween(early, late, before, zone);
        if (asUtc - before < change)
        {
            return asUtc - before;
        }

        return asUtc - after < change ? change : asUtc - after;
    }

    /// <summary>The first minute at which the offset is another.</summary>
    private static DateTime ChangeBetween(DateTime early, DateTime late, TimeSpan before, TimeZoneInfo zone)
    {
        while (late - early > TimeSpan.FromMinutes(1))
        {
            DateTime middle = early.AddMinutes((int)((late - early).TotalMinutes / 2));
            (early, late) = zone.GetUtcOffset(middle) == before ? (middle, late) : (early, middle);
        }

        return late;
    }

    private static bool HasBlank(string name) => name.Contains(' ', StringComparison.Ordinal);
}
