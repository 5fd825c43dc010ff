using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>The fetches under way: how they begin and how they end.</summary>
internal sealed class Runs(Lanes lanes, Waits waits, Refusals refusals, InFlight inFlight, DueQueue due, EngineClock clock)
{
    private readonly HashSet<FetchRun> _runs = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    public IReadOnlyCollection<FetchRun> All => _runs;

    /// <summary>Completes once no run is left after <see cref="Close"/>.</summary>
    public Task Idle => _idle.Task;

    public void Start(FetchRun run)
    {
        if (_closed)
        {
            run.State.Over = true;
            run.Complete(null);
            return;
        }

        _runs.Add(run);
        if (run.Options.Deadline > TimeSpan.Zero)
        {
            due.Set(run.State, run.StartedTimestamp + clock.TicksOf(run.Options.Deadline));
        }

        lanes.LoadHosts(run);
    }

    /// <summary>Abandons every run, and lets none begin.</summary>
    public void Close()
    {
        _closed = true;
        foreach (FetchRun run in _runs.ToArray())
        {
            run.Stop(FetchStop.Abandon);
        }

        CompleteIfIdle();
    }

    public static void SourceFailed(FetchRun run, Exception error)
    {
        run.State.Error ??= new FetchSourceException(error);
        run.Stop(FetchStop.Drain);
    }

    public void Stop(FetchRun run, FetchStop stop)
    {
        RunState state = run.State;
        if (state.Over || state.Stop >= stop)
        {
            return;
        }

        state.Stop = stop;
        run.CancelWaits();
        foreach (Lane lane in state.Lanes.Values)
        {
            run.GiveBack(lane.Fresh);
            lane.Fresh.Clear();
        }

        foreach (RequestFlow flow in waits.TakeAll(run))
        {
            GiveUp(flow);
        }

        if (stop is not FetchStop.Drain)
        {
            inFlight.CutAll(run);
        }

        EndIfOver(run);
    }

    /// <summary>Ends a request between two attempts of a run that is to end.</summary>
    public void GiveUp(RequestFlow flow)
    {
        if (flow.Run.State.Stop is FetchStop.Cancel)
        {
            refusals.End(flow, AttemptOutcome.Failed(FetchReason.Cancelled, "Cancelled while waiting for a retry."));
        }
    }

    public void EndIfOver(Lane lane)
    {
        lanes.ForgetIfOver(lane);
        EndIfOver(lane.Run);
    }

    public void EndIfOver(FetchRun run)
    {
        RunState state = run.State;
        bool nothingLeft = state.Running == 0 && state.Retrying == 0 && state.Loads == 0;
        bool over = state.Stop is FetchStop.None ? nothingLeft && state.HostsEnded && state.Lanes.Count == 0 : nothingLeft;
        if (over && !state.Over)
        {
            state.Over = true;
            _runs.Remove(run);
            due.Remove(state);
            lanes.Forget(run);
            run.Complete(state.Error);
            CompleteIfIdle();
        }
    }

    private void CompleteIfIdle()
    {
        if (_closed && _runs.Count == 0)
        {
            _idle.TrySetResult();
        }
    }
}
