namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// Whose turn it is: deficit round-robin over the fetches by their weight (Shreedhar and Varghese, "Efficient Fair Queueing Using
/// Deficit Round-Robin", 1995), within a fetch round-robin over its hosts that may run now. What cannot run is in nobody's way.
/// </summary>
internal sealed class Turns(BodyBudget bodies, EngineClock clock, DueQueue due, Action<Lane> blocked)
{
    private readonly Queue<FetchRun> _active = [];
    private readonly List<Lane> _offered = [];

    /// <summary>The lane that starts its next request now; null when none may.</summary>
    public Lane? Next()
    {
        while (_active.TryPeek(out FetchRun? run))
        {
            RunState state = run.State;
            if (!MayStart(run) || NextOf(state) is not { } lane)
            {
                _active.Dequeue();
                state.Active = false;
                continue;
            }

            state.Deficit = state.Deficit > 0 ? state.Deficit : (int)run.Options.Priority;
            if (--state.Deficit == 0 && _active.Count > 1)
            {
                _active.Enqueue(_active.Dequeue());
            }

            return lane;
        }

        return null;
    }

    /// <summary>Puts the lane where it waits: in its run's ring, with its host while that is closed, or for its own rate.</summary>
    public void Offer(Lane lane)
    {
        if (lane.InRing || lane.Blocked || !MayTakeSlot(lane))
        {
            return;
        }

        // Behind those that wait: whoever gives a slot back would else be the first to take it again, for ever.
        FetchWaitReason closed = lane.Host.ClosedFor(clock.Now);
        if (closed is FetchWaitReason.None && lane.Host.Blocked.Count > 0)
        {
            closed = FetchWaitReason.Host;
        }

        EnterOrWait(lane, closed);
    }

    /// <summary>The host may have opened: all that wait with it are offered again, the one whose turn is lowest first.</summary>
    public void OfferBlocked(HostGate host)
    {
        if (host.Blocked.Count == 0 || host.ClosedFor(clock.Now) is not FetchWaitReason.None)
        {
            return;
        }

        _offered.AddRange(host.Blocked);
        host.Blocked.Clear();
        _offered.Sort(static (a, b) => a.Turn.CompareTo(b.Turn));
        foreach (Lane lane in _offered)
        {
            lane.Blocked = false;
            if (MayTakeSlot(lane))
            {
                EnterOrWait(lane, FetchWaitReason.None);
            }
        }

        _offered.Clear();
    }

    /// <summary>The run may be able to start something again.</summary>
    public void Activate(FetchRun run)
    {
        if (!run.State.Active && run.State.Ring.Count > 0 && MayStart(run))
        {
            run.State.Active = true;
            _active.Enqueue(run);
        }
    }

    private bool MayTakeSlot(Lane lane)
    {
        if (!lane.HasWork)
        {
            lane.HeldBackBy = FetchWaitReason.None;
            return false;
        }

        if (lane.Running >= lane.Limit)
        {
            lane.HeldBackBy = FetchWaitReason.Host;
            return false;
        }

        if (lane.Rate is not null && lane.Rate.ReadyAt > clock.Now)
        {
            lane.HeldBackBy = FetchWaitReason.Rate;
            due.Set(lane, lane.Rate.ReadyAt);
            return false;
        }

        return true;
    }

    private void EnterOrWait(Lane lane, FetchWaitReason closed)
    {
        if (closed is FetchWaitReason.None)
        {
            lane.Resting = false;
            lane.InRing = true;
            lane.EnteredAt = clock.Now;
            lane.Run.State.Ring.Enqueue(lane);
            Activate(lane.Run);
            return;
        }

        lane.HeldBackBy = closed;
        lane.Resting = closed is FetchWaitReason.Circuit or FetchWaitReason.RetryAfter;
        lane.Blocked = true;
        lane.Host.Blocked.Add(lane);
        blocked(lane);
    }

    private bool MayStart(FetchRun run) =>
        run.State is { Stop: FetchStop.None, Paused: false } && run.State.Running < run.Options.Concurrency && run.HasRoom && bodies.HasRoom(run);

    private Lane? NextOf(RunState run)
    {
        while (run.Ring.TryDequeue(out Lane? lane))
        {
            lane.InRing = false;
            if (!MayTakeSlot(lane))
            {
                continue;
            }

            FetchWaitReason closed = lane.Host.ClosedFor(clock.Now);
            if (closed is FetchWaitReason.None)
            {
                return lane;
            }

            EnterOrWait(lane, closed);
        }

        return null;
    }
}
