namespace AsyncApi.Fetching.Dispatching;

/// <summary>The hosts that asked to be left alone for a while, by the time when that is over.</summary>
internal sealed class Holds(TimeProvider time)
{
    // A timer takes no more than some weeks.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly PriorityQueue<HostGate, long> _held = new();

    /// <summary>False when the host is held for longer already.</summary>
    public bool Hold(HostGate host, long until, int status)
    {
        if (until <= host.HoldUntil)
        {
            return false;
        }

        host.HoldUntil = until;
        host.HoldStatus = status;
        _held.Enqueue(host, until);
        return true;
    }

    /// <summary>Ends one hold that is over; null when there is none.</summary>
    public HostGate? EndNext(long now)
    {
        while (_held.TryPeek(out HostGate? host, out long until) && until <= now)
        {
            _held.Dequeue();
            // A hold that was made longer stands in the queue once more.
            if (host.HoldUntil == until)
            {
                host.HoldUntil = 0;
                return host;
            }
        }

        return null;
    }

    /// <summary>Infinite when nothing is held.</summary>
    public TimeSpan UntilNextEnds(long now)
    {
        if (!_held.TryPeek(out _, out long until))
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan wait = time.GetElapsedTime(now, until);
        return wait < LongestSleep ? wait : LongestSleep;
    }
}
