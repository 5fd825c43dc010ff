namespace AsyncApi.Fetching.Dispatching;

/// <summary>What one host allows over all fetches.</summary>
internal sealed class HostGate(HostKey key, int limit, Circuit circuit) : DueItem
{
    public HostKey Key { get; } = key;

    public int Limit { get; set; } = limit;

    public Rate? Rate { get; set; }

    /// <summary>The limits that were set for this host alone; null when none were.</summary>
    public HostLimits? OwnLimits { get; set; }

    public Circuit Circuit { get; } = circuit;

    public int Running { get; set; }

    /// <summary>No attempt starts before this timestamp: the host itself asked for it. 0 when it did not, or that is over.</summary>
    public long HoldUntil { get; set; }

    /// <summary>The status by which it asked.</summary>
    public int HoldStatus { get; set; }

    /// <summary>The turn of the lane that started last: where a lane that comes new, or comes back, joins in.</summary>
    public long Turn { get; set; }

    /// <summary>Lanes that found the gate closed; all are offered again, in order of their turns, when it may have opened.</summary>
    public List<Lane> Blocked { get; } = [];

    /// <summary>Lanes of all fetches.</summary>
    public int Lanes { get; set; }

    /// <summary>Whether some requests may have to fail without an attempt.</summary>
    public bool IsTroubled => HoldUntil != 0 || Circuit.State is not CircuitState.Closed;

    /// <summary>How long the hold lasts yet.</summary>
    public long HeldFor(long now) => Math.Max(0, HoldUntil - now);

    /// <summary>Why no attempt may start; <see cref="FetchWaitReason.None"/> when one may.</summary>
    public FetchWaitReason ClosedFor(long now)
    {
        if (IsTroubled)
        {
            if (HoldUntil > now)
            {
                return FetchWaitReason.RetryAfter;
            }

            if (!Circuit.Admits)
            {
                return FetchWaitReason.Circuit;
            }
        }

        return Running >= Limit ? FetchWaitReason.Host
            : Rate is not null && Rate.ReadyAt > now ? FetchWaitReason.Rate
            : FetchWaitReason.None;
    }

    /// <summary>When something about it changes by the passing of time alone; null when nothing does.</summary>
    public long? ChangesAt(long now)
    {
        long next = HoldUntil != 0 ? HoldUntil : long.MaxValue;
        if (Circuit.State is CircuitState.Open)
        {
            next = Math.Min(next, Circuit.OpenUntil);
        }
        else if (Lanes == 0 && Circuit.RemembersUntil > now)
        {
            next = Math.Min(next, Circuit.RemembersUntil);
        }

        if (Blocked.Count > 0 && Rate is not null && Rate.ReadyAt > now)
        {
            next = Math.Min(next, Rate.ReadyAt);
        }

        return next == long.MaxValue ? null : next;
    }

    /// <summary>Whether nothing is lost when it is forgotten.</summary>
    public bool IsIdle(long now) => Lanes == 0 && HoldUntil == 0 && OwnLimits is null && Circuit.RemembersUntil <= now;
}
