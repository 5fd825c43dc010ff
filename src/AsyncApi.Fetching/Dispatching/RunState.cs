namespace AsyncApi.Fetching.Dispatching;

/// <summary>What the dispatcher alone writes about a run.</summary>
internal sealed class RunState
{
    private int _stop;

    /// <summary>Attempts in flight.</summary>
    public int Running;

    /// <summary>Requests between two attempts.</summary>
    public int Retrying;

    public Dictionary<HostKey, Lane> Lanes { get; } = [];

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

    /// <summary>The last read of hosts.</summary>
    public Task HostLoad { get; set; } = Task.CompletedTask;

    /// <summary>Read by the requests' own tasks too.</summary>
    public FetchStop Stop
    {
        get => (FetchStop)Volatile.Read(ref _stop);
        set => Volatile.Write(ref _stop, (int)value);
    }

    public bool Over { get; set; }

    public Exception? Error { get; set; }
}
