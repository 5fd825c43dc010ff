namespace AsyncApi.Fetching.Dispatching;

/// <summary>The requests of one fetch to one host.</summary>
internal sealed class Lane(FetchRun run, HostGate host)
{
    /// <summary>Read ahead of the host's slots, so that reading never holds them up.</summary>
    private const int SmallestReadAhead = 32;
    private const int LargestReadAhead = 1024;

    /// <summary>Requests of one fetch that lie in memory at once, however many hosts it has.</summary>
    private const int InHand = 32 * 1024;

    public FetchRun Run { get; } = run;

    public HostGate Host { get; } = host;

    /// <summary>Read from the source, never tried.</summary>
    public Queue<FetchRequest> Fresh { get; } = [];

    /// <summary>Waited for their retry and may go now; they go before fresh ones.</summary>
    public Queue<RequestFlow> Again { get; } = [];

    public int Running { get; set; }

    /// <summary>Its place among the lanes of its host: the lowest goes first.</summary>
    public long Turn { get; private set; }

    /// <summary>Requests between two attempts, not yet in <see cref="Again"/>.</summary>
    public int Retrying { get; set; }

    public bool Loading { get; set; }

    /// <summary>The last read of requests.</summary>
    public Task Reading { get; set; } = Task.CompletedTask;

    public bool Exhausted { get; set; }

    /// <summary>True while the lane stands in its run's ring.</summary>
    public bool InRing { get; set; }

    /// <summary>True while the lane stands in its host's list of blocked lanes.</summary>
    public bool Blocked { get; set; }

    public int Limit => Run.Options.PerHostConcurrency;

    public int ReadAhead
    {
        get
        {
            int wanted = Math.Clamp(4 * Math.Min(Limit, Run.Options.Concurrency), SmallestReadAhead, LargestReadAhead);
            return Math.Clamp(InHand / Math.Max(1, Run.State.Lanes.Count), 1, wanted);
        }
    }

    public bool HasWork => Fresh.Count > 0 || Again.Count > 0;

    public bool WantsMore => !Exhausted && !Loading && Fresh.Count <= ReadAhead / 2;

    /// <summary>
    /// Whether a request may take a slot of the host. It may while the host is held for longer than the fetch ever waits, too: only
    /// to fail at once.
    /// </summary>
    public bool MayEnter(long now) =>
        Host.Running < Host.Limit && (Host.HeldFor(now) is var held && (held == 0 || held > LongestWait));

    /// <summary>In ticks of the engine's clock.</summary>
    private long LongestWait { get; } = (long)(run.Options.Retry.MaxDelay.TotalSeconds * run.TimestampFrequency);

    /// <summary>A slot of the host was taken: the next turn is the sooner the more the fetch weighs.</summary>
    public void TakeTurn()
    {
        Host.Turn = Math.Max(Host.Turn, Turn);
        Turn = Host.Turn + ((int)FetchPriority.High / (int)Run.Options.Priority);
    }

    public bool IsOver => Exhausted && !Loading && !HasWork && Running == 0 && Retrying == 0;
}
