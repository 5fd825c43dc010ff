namespace AsyncApi.Fetching.Dispatching;

/// <summary>The hosts that the engine knows: made when they are first asked for, forgotten when nothing is lost by it.</summary>
internal sealed class Hosts(FetchEngineOptions options, EngineClock clock, DueQueue due)
{
    private readonly Dictionary<HostKey, HostGate> _hosts = [];

    public OpenCircuits OpenCircuits { get; } = new();

    public IEnumerable<HostGate> All => _hosts.Values;

    public HostGate Of(HostKey key)
    {
        if (!_hosts.TryGetValue(key, out HostGate? host))
        {
            _hosts.Add(key, host = new HostGate(key, options.HostConcurrency, new Circuit(options.Circuit, clock, OpenCircuits)));
        }

        return host;
    }

    /// <summary>False when it was held for longer already.</summary>
    public bool Hold(HostGate host, long until, int status)
    {
        if (until <= host.HoldUntil || until <= clock.Now)
        {
            return false;
        }

        host.HoldUntil = until;
        host.HoldStatus = status;
        Await(host);
        Tell(host);
        return true;
    }

    /// <summary>From outside, for so long from now.</summary>
    public void Hold(HostGate host, TimeSpan time, int status) => Hold(host, clock.Now + clock.TicksOf(time), status);

    public void SetLimits(HostGate host, HostLimits limits)
    {
        host.OwnLimits = limits is { Concurrency: null, RequestsPerSecond: 0 } ? null : limits;
        host.Limit = limits.Concurrency ?? options.HostConcurrency;
        host.Rate = Rate.Of(limits.RequestsPerSecond, clock.Frequency, host.Rate);
    }

    /// <summary>Time has passed that changes something about it.</summary>
    public void TimePassed(HostGate host)
    {
        long now = clock.Now;
        if (host.HoldUntil <= now)
        {
            host.HoldUntil = 0;
        }

        if (host.Circuit.State is CircuitState.Open && host.Circuit.OpenUntil <= now)
        {
            host.Circuit.HalfOpen();
        }
    }

    /// <summary>Waits for the next time at which something about the host changes by itself.</summary>
    public void Await(HostGate host)
    {
        if (host.IsDue && host.DueAt <= clock.Now)
        {
            // Its time has come, and is about to be taken notice of.
            return;
        }

        if (host.ChangesAt(clock.Now) is { } at)
        {
            due.Set(host, at);
        }
        else
        {
            due.Remove(host);
        }
    }

    public void ForgetIfIdle(HostGate host)
    {
        if (host.IsIdle(clock.Now))
        {
            // Its last open period may be over without anybody having looked; it must not be counted for ever.
            TimePassed(host);
            due.Remove(host);
            _hosts.Remove(host.Key);
        }
        else if (host.Lanes == 0)
        {
            Await(host);
        }
    }

    private void Tell(HostGate host)
    {
        if (options.HostHeld is null)
        {
            return;
        }

        try
        {
            options.HostHeld(host.Key, clock.Time.GetUtcNow() + clock.Time.GetElapsedTime(clock.Now, host.HoldUntil));
        }
#pragma warning disable CA1031 // A listener's fault must not take the engine along, which holds the limits.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
