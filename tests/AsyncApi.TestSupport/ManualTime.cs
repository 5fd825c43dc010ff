namespace AsyncApi.TestSupport;

/// <summary>
/// A clock that stands still until a test moves it. <see cref="Advance"/> fires the timers that fall due, in the order of
/// their due times, with the clock set to each due time, and on the calling thread; <c>Task.Delay</c>,
/// <c>CancellationTokenSource</c> and <c>PeriodicTimer</c> work with it. Safe for use from many threads.
/// </summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private long _elapsedTicks;
    private long _armings;

    public ManualTime() : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers wait to fire. With <see cref="Eventually"/> a test knows that the code under test is waiting.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>How long until the next timer fires; null when none waits.</summary>
    public TimeSpan? UntilNextTimer
    {
        get
        {
            lock (_gate)
            {
                return Next() is { } next ? TimeSpan.FromTicks(next.DueTicks - _elapsedTicks) : null;
            }
        }
    }

    public override DateTimeOffset GetUtcNow() => start.AddTicks(Volatile.Read(ref _elapsedTicks));

    public override long GetTimestamp() => Volatile.Read(ref _elapsedTicks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what falls due on the way, also timers that are made on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long target = GetTimestamp() + by.Ticks;
        while (TakeDue(target) is { } timer)
        {
            // Outside the lock: a callback may run the code under test, which arms timers and may wait for another thread that does.
            timer.Fire();
        }
    }

    /// <summary>Moves the clock to the next timer and fires it; false when no timer waits.</summary>
    public bool AdvanceToNextTimer()
    {
        if (UntilNextTimer is not { } wait)
        {
            return false;
        }

        Advance(wait);
        return true;
    }

    private Timer? TakeDue(long target)
    {
        lock (_gate)
        {
            if (Next() is not { } timer || timer.DueTicks > target)
            {
                _elapsedTicks = Math.Max(_elapsedTicks, target);
                return null;
            }

            _elapsedTicks = Math.Max(_elapsedTicks, timer.DueTicks);
            _timers.Remove(timer);
            if (timer.PeriodTicks > 0)
            {
                Arm(timer, timer.DueTicks + timer.PeriodTicks);
            }

            return timer;
        }
    }

    private Timer? Next() => _timers.MinBy(timer => (timer.DueTicks, timer.Arming));

    private void Arm(Timer timer, long dueTicks)
    {
        timer.DueTicks = dueTicks;
        timer.Arming = ++_armings;
        _timers.Add(timer);
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public long DueTicks { get; set; }

        /// <summary>Timers that are due at the same instant fire in the order in which they were armed.</summary>
        public long Arming { get; set; }

        public long PeriodTicks { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (_disposed)
                {
                    return false;
                }

                PeriodTicks = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    time.Arm(this, time._elapsedTicks + dueTime.Ticks);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                _disposed = true;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
