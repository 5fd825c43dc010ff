namespace AsyncApi.Fetching.Dispatching;

/// <summary>Requests between two attempts. They lie in the queue by due time and hold nothing else: no slot, no task, no timer.</summary>
internal sealed class Waits(DueQueue due, EngineClock clock)
{
    public void Begin(RequestFlow flow)
    {
        Lane lane = flow.Lane;
        lane.Retrying++;
        lane.Asked += AskedOf(flow);
        lane.Run.State.Retrying++;
        flow.CircuitEnded = lane.Host.Circuit.Ended;
        due.Set(flow, flow.RetryAt);
    }

    /// <summary>Its backoff is over: it waits for a slot like others.</summary>
    public void Over(RequestFlow flow)
    {
        flow.ReadyAt = clock.Now;
        flow.Lane.Asked -= AskedOf(flow);
        flow.Lane.Again.Enqueue(flow);
    }

    /// <summary>Takes all that wait for another attempt out of a run that is to end.</summary>
    public List<RequestFlow> TakeAll(FetchRun run)
    {
        List<RequestFlow> taken = [.. due.Items.OfType<RequestFlow>().Where(flow => flow.Run == run)];
        foreach (RequestFlow flow in taken)
        {
            due.Remove(flow);
            flow.Lane.Asked -= AskedOf(flow);
            flow.Lane.Retrying--;
        }

        foreach (Lane lane in run.State.Lanes.Values)
        {
            taken.AddRange(lane.Again);
            lane.Retrying -= lane.Again.Count;
            lane.Again.Clear();
        }

        run.State.Retrying -= taken.Count;
        return taken;
    }

    private static int AskedOf(RequestFlow flow) => flow.RetryFor is FetchWaitReason.RetryAfter ? 1 : 0;
}
