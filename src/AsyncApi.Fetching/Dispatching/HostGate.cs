namespace AsyncApi.Fetching.Dispatching;

/// <summary>The limits of one host over all fetches.</summary>
internal sealed class HostGate(HostKey key, int limit)
{
    public HostKey Key { get; } = key;

    public int Limit { get; } = limit;

    public int Running { get; set; }

    /// <summary>No attempt starts before this timestamp: the host itself asked for it. 0 when it did not, or that is over.</summary>
    public long HoldUntil { get; set; }

    /// <summary>The status by which it asked.</summary>
    public int HoldStatus { get; set; }

    /// <summary>The turn of the lane that started last: where a lane that comes new, or comes back, joins in.</summary>
    public long Turn { get; set; }

    /// <summary>Lanes that found the gate closed; all are offered again, in order of their turns, when it may have opened.</summary>
    public List<Lane> Blocked { get; } = [];

    /// <summary>Lanes of all fetches; with none left, and no hold, the host is forgotten.</summary>
    public int Lanes { get; set; }

    public bool IsIdle => Lanes == 0 && HoldUntil == 0;

    /// <summary>How long the hold lasts yet.</summary>
    public long HeldFor(long now) => Math.Max(0, HoldUntil - now);
}
