namespace AsyncApi.Fetching.Dispatching;

/// <summary>The dispatcher's clock: read once for all that it decides in one go, so that those decisions have one time.</summary>
internal sealed class EngineClock(TimeProvider time)
{
    private long _now;
    private bool _isRead;

    public TimeProvider Time => time;

    public long Frequency => time.TimestampFrequency;

    public long Now
    {
        get
        {
            if (!_isRead)
            {
                _now = time.GetTimestamp();
                _isRead = true;
            }

            return _now;
        }
    }

    /// <summary>The next to ask reads the clock anew.</summary>
    public void Forget() => _isRead = false;

    /// <summary>Rounded up: nothing that waits may go early.</summary>
    public long TicksOf(TimeSpan span) => TicksOf(span, Frequency);

    public static long TicksOf(TimeSpan span, long frequency) =>
        frequency == TimeSpan.TicksPerSecond ? span.Ticks : (long)Math.Ceiling(span.TotalSeconds * frequency);
}
