namespace AsyncApi.Fetching.Dispatching;

/// <summary>The engine's one timer. It may ring for nothing, but never fails to ring.</summary>
internal sealed class Alarm : IAsyncDisposable
{
    // A timer takes no more than some weeks.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly EngineClock _clock;
    private readonly ITimer _timer;
    private long _at = long.MaxValue;

    public Alarm(EngineClock clock, Action ring)
    {
        _clock = clock;
        _timer = clock.Time.CreateTimer(_ => ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rings at this time, or before.</summary>
    public void Set(long at)
    {
        // What rings sooner is asked for the next time then.
        if (at >= _at)
        {
            return;
        }

        TimeSpan wait = _clock.Time.GetElapsedTime(_clock.Now, at);
        // Timers cut their time down to whole milliseconds: one that rang early would ring again and again until it is time.
        wait = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)));
        _at = at;
        _timer.Change(wait < LongestSleep ? wait : LongestSleep, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It rang.</summary>
    public void Clear() => _at = long.MaxValue;

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
