namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// So many starts in a second and never more in any second, whatever it begins with: starts are spread evenly, and one that
/// comes late is made up for by some milliseconds only (the generic cell rate algorithm, ITU-T I.371).
/// </summary>
internal sealed class Rate
{
    // Spread a little wider than the rate says: that pays for what is made up for, and for the way from here to the target.
    private const double Spread = 1.014;
    private static readonly TimeSpan MadeUpFor = TimeSpan.FromMilliseconds(8);

    private readonly long _interval;
    private readonly long _slack;
    private long _next;

    private Rate(double perSecond, long frequency, long next)
    {
        _interval = (long)Math.Ceiling(Spread * frequency / perSecond);
        _slack = EngineClock.TicksOf(MadeUpFor, frequency);
        _next = next;
    }

    /// <summary>The next start may be made then, and not before.</summary>
    public long ReadyAt => _next - _slack;

    /// <summary>Null for no limit.</summary>
    /// <param name="perSecond">0 for no limit.</param>
    /// <param name="frequency">Ticks of the clock in a second.</param>
    /// <param name="before">The rate that held so far: its last start counts.</param>
    public static Rate? Of(double perSecond, long frequency, Rate? before = null)
    {
        if (perSecond <= 0)
        {
            return null;
        }

        Rate rate = new(perSecond, frequency, 0);
        if (before is not null && before._next != 0)
        {
            rate._next = before._next - before._interval + rate._interval;
        }

        return rate;
    }

    /// <summary>A start is made.</summary>
    public void Take(long now) => _next = Math.Max(now, _next) + _interval;
}
