namespace AsyncApi.Fetching.Dispatching;

/// <summary>What the dispatcher alone writes about a run. It waits for the run's deadline.</summary>
internal sealed class RunState(FetchRun run) : DueItem
{
    /// <summary>Attempts in flight.</summary>
    public int Running;

    /// <summary>Requests between two attempts.</summary>
    public int Retrying;

    public FetchRun Run { get; } = run;

    public Dictionary<HostKey, Lane> Lanes { get; } = [];

    /// <summary>Those of <see cref="Lanes"/> that wait for time to pass, and for nothing else.</summary>
    public int Resting { get; set; }

    /// <summary>Lanes that may have something to start, in round-robin order.</summary>
    public Queue<Lane> Ring { get; } = [];

    /// <summary>Starts left in this turn of the deficit round-robin.</summary>
    public int Deficit { get; set; }

    /// <summary>True while the run stands in the dispatcher's ring.</summary>
    public bool Active { get; set; }

    public bool HostsEnded { get; set; }

    public bool HostsLoading { get; set; }

    /// <summary>Reads of the source under way; a run is not over before they are.</summary>
    public int Loads { get; set; }

    /// <summary>True when something was not read since too many results lay unread.</summary>
    public bool LoadsWait { get; set; }

    /// <summary>The last read of hosts.</summary>
    public Task HostLoad { get; set; } = Task.CompletedTask;

    public bool Paused { get; set; }

    /// <summary>When the last pause ended.</summary>
    public long ResumedAt { get; set; } = long.MinValue;

    public FetchStop Stop { get; set; }

    public bool Over { get; set; }

    public Exception? Error { get; set; }
}
