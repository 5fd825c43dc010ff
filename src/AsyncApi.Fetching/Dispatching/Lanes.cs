namespace AsyncApi.Fetching.Dispatching;

/// <summary>Keeps lanes and hosts: reads ahead for them, and forgets them when nothing is left.</summary>
internal sealed class Lanes(int hostLimit, Action<DispatcherMessage> post)
{
    /// <summary>Hosts of one fetch that are in hand at once; the rest follow as these end.</summary>
    private const int HostsInHand = 4_096;

    private readonly Dictionary<HostKey, HostGate> _hosts = [];

    public void LoadHosts(FetchRun run)
    {
        RunState state = run.State;
        if (state.HostsEnded || state.HostsLoading || state.Stop is not FetchStop.None || state.Lanes.Count > HostsInHand / 2)
        {
            return;
        }

        state.HostsLoading = true;
        state.Loads++;
        state.HostLoad = ReadHostsAsync(run, HostsInHand - state.Lanes.Count);
    }

    /// <summary>Null, or what is wrong with what came.</summary>
    public Exception? HostsArrived(FetchRun run, IReadOnlyList<FetchHost> hosts, int asked)
    {
        run.State.HostsLoading = false;
        run.State.HostsEnded = hosts.Count < asked;
        if (run.State.Stop is not FetchStop.None)
        {
            return null;
        }

        foreach ((HostKey key, _) in hosts)
        {
            if (run.State.Lanes.ContainsKey(key))
            {
                return new InvalidOperationException($"The host {key} came twice.");
            }

            if (!_hosts.TryGetValue(key, out HostGate? host))
            {
                _hosts.Add(key, host = new HostGate(key, hostLimit));
            }

            Lane lane = new(run, host);
            host.Lanes++;
            run.State.Lanes.Add(key, lane);
            Load(lane);
        }

        return null;
    }

    public void Load(Lane lane)
    {
        if (lane.WantsMore && lane.Run.State.Stop is FetchStop.None)
        {
            lane.Loading = true;
            lane.Run.State.Loads++;
            lane.Reading = ReadRequestsAsync(lane, lane.ReadAhead);
        }
    }

    /// <summary>True when the lane had nothing left and is gone.</summary>
    public bool ForgetIfOver(Lane lane)
    {
        if (!lane.IsOver || !lane.Run.State.Lanes.Remove(lane.Host.Key))
        {
            return lane.IsOver;
        }

        Leave(lane.Host);
        LoadHosts(lane.Run);
        return true;
    }

    public void Forget(FetchRun run)
    {
        foreach (Lane lane in run.State.Lanes.Values)
        {
            lane.Host.Blocked.Remove(lane);
            Leave(lane.Host);
        }

        run.State.Lanes.Clear();
    }

    /// <summary>A host that asked to be left alone is remembered until that is over, whoever comes meanwhile.</summary>
    public void ForgetIfIdle(HostGate host)
    {
        if (host.IsIdle)
        {
            _hosts.Remove(host.Key);
        }
    }

    private void Leave(HostGate host)
    {
        host.Lanes--;
        ForgetIfIdle(host);
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
