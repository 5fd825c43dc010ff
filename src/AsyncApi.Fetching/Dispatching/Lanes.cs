namespace AsyncApi.Fetching.Dispatching;

/// <summary>Keeps the lanes: reads ahead for them, and forgets them when nothing is left.</summary>
internal sealed class Lanes(Hosts hosts, EngineClock clock, DueQueue due, Action<DispatcherMessage> post)
{
    /// <summary>Hosts of one fetch that are in hand at once; the rest follow as these end, or have to wait for time to pass.</summary>
    private const int HostsInHand = 4_096;

    /// <summary>More are not kept, whatever they wait for.</summary>
    public const int MostLanes = 64 * 1024;

    public void LoadHosts(FetchRun run)
    {
        RunState state = run.State;
        int inHand = state.Lanes.Count - state.Resting;
        if (state.HostsEnded || state.HostsLoading || state.Stop is not FetchStop.None || inHand > HostsInHand / 2 || state.Lanes.Count > MostLanes)
        {
            return;
        }

        state.HostsLoading = true;
        state.Loads++;
        state.HostLoad = ReadHostsAsync(run, HostsInHand - inHand);
    }

    /// <summary>Null, or what is wrong with what came.</summary>
    public Exception? HostsArrived(FetchRun run, IReadOnlyList<FetchHost> arrived, int asked)
    {
        run.State.HostsLoading = false;
        run.State.HostsEnded = arrived.Count < asked;
        if (run.State.Stop is not FetchStop.None)
        {
            return null;
        }

        foreach ((HostKey key, int requests) in arrived)
        {
            if (run.State.Lanes.ContainsKey(key))
            {
                return new InvalidOperationException($"The host {key} came twice.");
            }

            Lane lane = new(run, hosts.Of(key), requests) { Rate = Rate.Of(run.Options.RequestsPerSecond, clock.Frequency) };
            lane.Host.Lanes++;
            run.State.Lanes.Add(key, lane);
            Load(lane);
        }

        return null;
    }

    public void Load(Lane lane)
    {
        RunState state = lane.Run.State;
        if (!lane.WantsMore || state.Stop is not FetchStop.None)
        {
            return;
        }

        if (!lane.Run.HasRoom)
        {
            state.LoadsWait = true;
            return;
        }

        lane.Loading = true;
        state.Loads++;
        lane.Reading = ReadRequestsAsync(lane, lane.ReadAhead);
    }

    /// <summary>Results were taken: what was not read for want of room is.</summary>
    public void LoadWhatWaits(FetchRun run)
    {
        if (run.State.LoadsWait)
        {
            run.State.LoadsWait = false;
            foreach (Lane lane in run.State.Lanes.Values)
            {
                Load(lane);
            }
        }
    }

    public void ForgetIfOver(Lane lane)
    {
        if (!lane.NothingButRetries)
        {
            return;
        }

        if (lane.Retrying > 0)
        {
            lane.Resting = true;
        }
        else if (lane.Run.State.Lanes.Remove(lane.Host.Key))
        {
            Leave(lane);
        }

        LoadHosts(lane.Run);
    }

    public void Forget(FetchRun run)
    {
        foreach (Lane lane in run.State.Lanes.Values)
        {
            Leave(lane);
        }

        run.State.Lanes.Clear();
    }

    private void Leave(Lane lane)
    {
        due.Remove(lane);
        lane.Resting = false;
        if (lane.Blocked)
        {
            lane.Host.Blocked.Remove(lane);
        }

        lane.Host.Lanes--;
        hosts.ForgetIfIdle(lane.Host);
    }

    private async Task ReadHostsAsync(FetchRun run, int max)
    {
        try
        {
            post(DispatcherMessage.Hosts(run, await run.Source.ReadHostsAsync(max, run.Stopped), max));
        }
        catch (OperationCanceledException) when (run.Stopped.IsCancellationRequested)
        {
            post(DispatcherMessage.Hosts(run, [], max));
        }
#pragma warning disable CA1031 // Whatever the source throws ends its run, and its run alone.
        catch (Exception error)
#pragma warning restore CA1031
        {
            post(DispatcherMessage.SourceFailed(run, error));
            post(DispatcherMessage.Hosts(run, [], max));
        }
    }

    private async Task ReadRequestsAsync(Lane lane, int max)
    {
        FetchRun run = lane.Run;
        try
        {
            post(DispatcherMessage.Requests(lane, await run.Source.ReadRequestsAsync(lane.Host.Key, max, run.Stopped), max));
        }
        catch (OperationCanceledException) when (run.Stopped.IsCancellationRequested)
        {
            post(DispatcherMessage.Requests(lane, [], max));
        }
#pragma warning disable CA1031 // Whatever the source throws ends its run, and its run alone.
        catch (Exception error)
#pragma warning restore CA1031
        {
            post(DispatcherMessage.SourceFailed(run, error));
            post(DispatcherMessage.Requests(lane, [], max));
        }
    }
}
