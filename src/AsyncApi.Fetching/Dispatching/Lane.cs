namespace AsyncApi.Fetching.Dispatching;

/// <summary>The requests of one fetch to one host. It waits for the next start that the fetch's own rate allows.</summary>
internal sealed class Lane(FetchRun run, HostGate host, int total) : DueItem
{
    /// <summary>Read ahead of the host's slots, so that reading never holds them up.</summary>
    private const int SmallestReadAhead = 32;
    private const int LargestReadAhead = 1024;

    /// <summary>Requests of one fetch that are read ahead, and as many that wait for a retry, shared among its hosts.</summary>
    private const int InHand = 32 * 1024;

    private const int SmallestShare = 4;

    /// <summary>
    /// More requests of one fetch are never read ahead, nor wait for a retry. A lane that comes when there are n others takes a share of
    /// 1/n, and those before it keep what they have: 1 + 1/2 + 1/3 ... over 4,096 hosts is under 10, and of
    /// <see cref="Lanes.MostLanes"/> the rest have the smallest share.
    /// </summary>
    public const int MostInHand = 10 * InHand;

    private bool _resting;

    public FetchRun Run { get; } = run;

    public HostGate Host { get; } = host;

    /// <summary>Read from the source, never tried.</summary>
    public Queue<FetchRequest> Fresh { get; } = [];

    /// <summary>Waited for their retry and may go now; they go before fresh ones.</summary>
    public Queue<RequestFlow> Again { get; } = [];

    public Rate? Rate { get; set; }

    public int Running { get; set; }

    /// <summary>Its place among the lanes of its host: the lowest goes first.</summary>
    public long Turn { get; private set; }

    /// <summary>Requests between two attempts, those in <see cref="Again"/> too.</summary>
    public int Retrying { get; set; }

    /// <summary>Those of <see cref="Retrying"/> that wait because the host asked for it.</summary>
    public int Asked { get; set; }

    /// <summary>Requests that the source holds and were not read yet, as far as it said.</summary>
    public int Unread { get; private set; } = Math.Max(0, total);

    /// <summary>The open periods of the host's circuit that were over when the lane came.</summary>
    public int CircuitEnded { get; } = host.Circuit.Ended;

    /// <summary>What it was held back by last.</summary>
    public FetchWaitReason HeldBackBy { get; set; }

    /// <summary>When it entered its run's ring last.</summary>
    public long EnteredAt { get; set; }

    public bool Loading { get; set; }

    /// <summary>The last read of requests.</summary>
    public Task Reading { get; set; } = Task.CompletedTask;

    public bool Exhausted { get; private set; }

    /// <summary>True while the lane stands in its run's ring.</summary>
    public bool InRing { get; set; }

    /// <summary>True while the lane stands in its host's list of blocked lanes.</summary>
    public bool Blocked { get; set; }

    /// <summary>True while it is to be asked whether some of its requests have to fail.</summary>
    public bool Troubled { get; set; }

    /// <summary>
    /// True while it can only wait for time to pass: all that is left waits for a retry, or the host is broken or asked to be left alone.
    /// Then other hosts may take its place in hand.
    /// </summary>
    public bool Resting
    {
        get => _resting;
        set
        {
            Run.State.Resting += (value ? 1 : 0) - (_resting ? 1 : 0);
            _resting = value;
        }
    }

    public int Limit => Run.Options.PerHostConcurrency;

    public int ReadAhead
    {
        get
        {
            int wanted = Math.Clamp(4 * Math.Min(Limit, Run.Options.Concurrency), SmallestReadAhead, LargestReadAhead);
            return Math.Min(Share, wanted);
        }
    }

    private int Share => Math.Max(SmallestShare, InHand / Math.Max(1, Run.State.Lanes.Count));

    /// <summary>Whether it has a request that may start. While very many wait for a retry, no fresh one joins them.</summary>
    public bool HasWork => Again.Count > 0 || (Fresh.Count > 0 && Retrying < Share);

    public bool WantsMore => !Exhausted && !Loading && Fresh.Count <= ReadAhead / 2 && Retrying < Share;

    public bool IsOver => NothingButRetries && Retrying == 0;

    /// <summary>Whether what is left waits for its retry, if anything is.</summary>
    public bool NothingButRetries => Exhausted && !Loading && Fresh.Count == 0 && Again.Count == 0 && Running == 0;

    public void Read(int count, int asked)
    {
        Loading = false;
        Exhausted = count < asked;
        Unread = Exhausted ? 0 : Math.Max(0, Unread - count);
    }

    /// <summary>A slot of the host was taken: the next turn is the sooner the more the fetch weighs.</summary>
    public void TakeTurn()
    {
        Host.Turn = Math.Max(Host.Turn, Turn);
        Turn = Host.Turn + ((int)FetchPriority.High / (int)Run.Options.Priority);
    }
}
