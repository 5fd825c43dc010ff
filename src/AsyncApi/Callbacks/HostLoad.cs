namespace AsyncApi.Callbacks;

/// <summary>How many tries each receiver has in hand.</summary>
internal sealed class HostLoad(IEnumerable<string> running, int limit)
{
    private readonly Dictionary<string, int> _running = running.CountBy(host => host).ToDictionary();

    /// <summary>Receivers that have as many as they may.</summary>
    public IReadOnlyCollection<string> Busy => [.. _running.Where(host => host.Value >= limit).Select(host => host.Key)];

    /// <summary>Those that may be tried now, in their order.</summary>
    // It changes nothing here: a claim whose commit is tried again begins anew.
    public IEnumerable<Delivery> FitOf(IEnumerable<Delivery> due)
    {
        Dictionary<string, int> load = new(_running);
        foreach (Delivery delivery in due)
        {
            int before = load.GetValueOrDefault(delivery.Host);
            if (before < limit)
            {
                load[delivery.Host] = before + 1;
                yield return delivery;
            }
        }
    }
}
