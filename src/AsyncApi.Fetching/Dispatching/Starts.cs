namespace AsyncApi.Fetching.Dispatching;

/// <summary>Gives slots to those whose turn it is, and takes them back.</summary>
internal sealed class Starts(int limit, Turns turns, Lanes lanes, EngineClock clock, Action<RequestFlow> launch)
{
    public InFlight InFlight { get; } = new(clock);

    public void StartWhatMay()
    {
        while (InFlight.Count < limit && turns.Next() is { } lane)
        {
            Start(lane);
        }
    }

    /// <summary>The attempt is over. True when that changed something about its host but the slot.</summary>
    public bool Released(RequestFlow flow)
    {
        InFlight.Remove(flow);
        flow.Lane.Running--;
        flow.Lane.Host.Running--;
        flow.Run.State.Running--;
        return flow.Lane.Host.Circuit.Ends(flow, Failed(flow));
    }

    private void Start(Lane lane)
    {
        RequestFlow flow = Take(lane);
        long now = clock.Now;
        FetchRun run = lane.Run;
        lane.Running++;
        lane.Host.Running++;
        run.State.Running++;
        lane.TakeTurn();
        lane.Rate?.Take(now);
        lane.Host.Rate?.Take(now);
        flow.PeriodsWaited += lane.Host.Circuit.WaitedThrough(flow.CircuitEnded);
        lane.Host.Circuit.Starts(flow);
        SetClock(flow, now);
        InFlight.Add(flow);
        turns.Offer(lane);
        lanes.Load(lane);
        launch(flow);
    }

    private RequestFlow Take(Lane lane)
    {
        bool comesBack = lane.Again.TryDequeue(out RequestFlow? flow);
        if (comesBack)
        {
            lane.Retrying--;
            lane.Run.State.Retrying--;
        }

        flow ??= new RequestFlow(lane, lane.Fresh.Dequeue());
        FetchWaitReason reason =
            lane.Run.State.ResumedAt == clock.Now ? FetchWaitReason.Paused
            : lane.EnteredAt < clock.Now ? FetchWaitReason.Slot
            : lane.HeldBackBy;
        flow.WaitedFor = comesBack && (reason is FetchWaitReason.None || flow.ReadyAt == clock.Now) ? flow.RetryFor : reason;
        return flow;
    }

    private void SetClock(RequestFlow flow, long now)
    {
        TimeSpan timeout = flow.Run.Options.Timeout;
        flow.EndsWithRequest = flow.TimeLeft is { } left && left < timeout;
        flow.AttemptDeadline = now + clock.TicksOf(flow.EndsWithRequest ? flow.TimeLeft!.Value : timeout);
    }

    /// <summary>What the attempt says about its host; null when it says nothing.</summary>
    private static bool? Failed(RequestFlow flow) => flow.Cut is AttemptCut.Stopped or AttemptCut.RequestTimeout
        ? null
        : flow.LastAttempt.Reason switch
        {
            FetchReason.None or FetchReason.TooManyRedirects or FetchReason.Bomb => false,
            FetchReason.HttpStatus => flow.LastAttempt.Status is >= 500 and <= 599,
            FetchReason.Timeout or FetchReason.Dns or FetchReason.Connect or FetchReason.Tls or FetchReason.Protocol => true,
            _ => null,
        };
}
