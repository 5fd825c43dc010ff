namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// Whose turn it is: deficit round-robin over the fetches by their weight (Shreedhar and Varghese, "Efficient Fair Queueing Using
/// Deficit Round-Robin", 1995), within a fetch round-robin over its hosts that may run now. What cannot run is in nobody's way.
/// </summary>
internal sealed class Turns(BodyBudget bodies, TimeProvider time)
{
    private readonly Queue<FetchRun> _active = [];

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

    /// <summary>Puts the lane where it waits: in its run's ring, or with its host while that is closed.</summary>
    public void Offer(Lane lane)
    {
        if (lane.InRing || lane.Blocked || !lane.HasWork || lane.Running >= lane.Limit)
        {
            return;
        }

        // Behind those that wait: whoever gives a slot back would else be the first to take it again, for ever.
        if (lane.Host.Blocked.Count == 0 && lane.MayEnter(time.GetTimestamp()))
        {
            Enter(lane);
        }
        else
        {
            lane.Blocked = true;
            lane.Host.Blocked.Add(lane);
        }
    }

    /// <summary>The host may have opened: all that wait with it are offered again, the one whose turn is lowest first.</summary>
    public void OfferBlocked(HostGate host)
    {
        if (host.Blocked.Count == 0 || host.Running >= host.Limit)
        {
            return;
        }

        long now = time.GetTimestamp();
        host.Blocked.Sort(static (a, b) => a.Turn.CompareTo(b.Turn));
        foreach (Lane lane in host.Blocked)
        {
            lane.Blocked = !lane.MayEnter(now);
            if (!lane.Blocked && lane.HasWork && lane.Running < lane.Limit)
            {
                Enter(lane);
            }
        }

        host.Blocked.RemoveAll(static lane => !lane.Blocked);
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

    private void Enter(Lane lane)
    {
        lane.InRing = true;
        lane.Run.State.Ring.Enqueue(lane);
        Activate(lane.Run);
    }

    private bool MayStart(FetchRun run) =>
        run.State.Stop is FetchStop.None && run.State.Running < run.Options.Concurrency && run.HasRoom && bodies.HasRoom;

    private Lane? NextOf(RunState run)
    {
        while (run.Ring.TryDequeue(out Lane? lane))
        {
            lane.InRing = false;
            if (lane.HasWork && lane.Running < lane.Limit)
            {
                if (lane.MayEnter(time.GetTimestamp()))
                {
                    return lane;
                }

                Offer(lane);
            }
        }

        return null;
    }
}
