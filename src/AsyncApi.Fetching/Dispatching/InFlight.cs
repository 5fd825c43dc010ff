namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// The attempts in flight, and their clocks: one sweep over this list cuts what is over its time, which costs less
/// than a timer for each attempt. Cancellation sources are used again.
/// </summary>
internal sealed class InFlight
{
    private readonly List<RequestFlow> _flows = [];
    private readonly Stack<CancellationTokenSource> _unused = [];

    public int Count => _flows.Count;

    public void Add(RequestFlow flow)
    {
        flow.InFlightIndex = _flows.Count;
        flow.Cut = AttemptCut.None;
        flow.Attempt = _unused.TryPop(out CancellationTokenSource? unused) ? unused : new CancellationTokenSource();
        _flows.Add(flow);
    }

    public void Remove(RequestFlow flow)
    {
        RequestFlow last = _flows[^1];
        _flows[flow.InFlightIndex] = last;
        last.InFlightIndex = flow.InFlightIndex;
        _flows.RemoveAt(_flows.Count - 1);
        // A source that was told to cancel may still be about to: it is not used again.
        if (flow.Cut == AttemptCut.None && flow.Attempt.TryReset())
        {
            _unused.Push(flow.Attempt);
        }
    }

    public void CutOverdue(long now)
    {
        foreach (RequestFlow flow in _flows)
        {
            if (flow.AttemptDeadline <= now)
            {
                CutOff(flow, AttemptCut.Timeout);
            }
        }
    }

    public void CutAll(FetchRun run, AttemptCut cut)
    {
        foreach (RequestFlow flow in _flows)
        {
            if (flow.Run == run)
            {
                CutOff(flow, cut);
            }
        }
    }

    // CancelAsync runs the handler's clean-up on the pool: the dispatcher has others to serve.
    private static void CutOff(RequestFlow flow, AttemptCut cut)
    {
        if (flow.Cut == AttemptCut.None)
        {
            flow.Cut = cut;
            flow.Cutting = flow.Attempt.CancelAsync();
        }
        else if (cut == AttemptCut.Abandoned)
        {
            flow.Cut = cut;
        }
    }
}

/// <summary>Why an attempt was cut from outside.</summary>
internal enum AttemptCut
{
    None,
    Timeout,
    Cancelled,
    Abandoned,
}
