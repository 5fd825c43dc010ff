using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// Ends requests that wait in vain, without an attempt and without a slot: their host asked to be left alone for longer than they
/// wait, or stayed broken until their retries were used up.
/// </summary>
internal sealed class Refusals(EngineClock clock)
{
    private readonly Queue<Lane> _troubled = [];

    /// <summary>The lane's host is in trouble: it is to be asked what that means for its requests.</summary>
    public void Note(Lane lane)
    {
        if (lane.Host.IsTroubled && !lane.Troubled)
        {
            lane.Troubled = true;
            _troubled.Enqueue(lane);
        }
    }

    public void NoteBlocked(HostGate host)
    {
        if (host.IsTroubled)
        {
            foreach (Lane lane in host.Blocked)
            {
                Note(lane);
            }
        }
    }

    /// <summary>Refuses what must be refused of one lane; null when there is no more.</summary>
    public Lane? RefuseOfNext()
    {
        if (!_troubled.TryDequeue(out Lane? lane))
        {
            return null;
        }

        lane.Troubled = false;
        for (int left = lane.Again.Count; left > 0; left--)
        {
            RequestFlow flow = lane.Again.Dequeue();
            if (Verdict(lane, flow.Attempts + flow.PeriodsWaited, flow.CircuitEnded) is { } outcome)
            {
                lane.Retrying--;
                lane.Run.State.Retrying--;
                End(flow, outcome);
            }
            else
            {
                lane.Again.Enqueue(flow);
            }
        }

        while (lane.Fresh.Count > 0 && Verdict(lane, 0, lane.CircuitEnded) is { } outcome)
        {
            End(new RequestFlow(lane, lane.Fresh.Dequeue()), outcome);
        }

        return lane;
    }

    public void End(RequestFlow flow, AttemptOutcome outcome) =>
        flow.Run.Write(flow.ToResult(outcome, clock.Time.GetUtcNow(), clock.Time.GetElapsedTime(flow.WaitingSince, clock.Now)));

    private AttemptOutcome? Verdict(Lane lane, int attempts, int circuitEnded)
    {
        HostGate host = lane.Host;
        long held = host.HeldFor(clock.Now);
        if (held > LongestWait(lane.Run))
        {
            return AttemptOutcome.Held(host.HoldStatus, clock.Time.GetElapsedTime(0, held));
        }

        // Each period used up one of the attempts that the request had.
        int periods = host.Circuit.WaitedThrough(circuitEnded);
        return periods > 0 && attempts + periods > lane.Run.Options.Retry.MaxRetries ? AttemptOutcome.CircuitOpen(periods) : null;
    }

    private long LongestWait(FetchRun run)
    {
        long longest = clock.TicksOf(run.Options.Retry.MaxDelay);
        return run.State.IsDue ? Math.Min(longest, run.State.DueAt - clock.Now) : longest;
    }
}
