namespace AsyncApi.Fetching.Tests.Guard;

/// <summary>The system's clock, but the timers with the given numbers have run out as soon as they are made.</summary>
internal sealed class ExpiringTime(params int[] expired) : TimeProvider
{
    private readonly List<TimeSpan> _asked = [];

    /// <summary>What each timer was made for, in order.</summary>
    public IReadOnlyList<TimeSpan> Asked => _asked;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _asked.Add(dueTime);
        return base.CreateTimer(callback, state, expired.Contains(_asked.Count - 1) ? TimeSpan.Zero : dueTime, period);
    }
}
