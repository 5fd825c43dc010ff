namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// The attempts in flight, and their clocks: one sweep over this list cuts what is over its time, which costs less
/// than a timer for each attempt. Cancellation sources are used again.
/// </summary>
internal sealed class InFlight(EngineClock clock)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(50);

    private readonly List<RequestFlow> _flows = [];
    private readonly Stack<CancellationTokenSource> _unused = [];
    private readonly long _interval = clock.TicksOf(SweepInterval);
    private long _sweepAt;

    public int Count => _flows.Count;

    /// <summary>When the clocks have to be looked at again; the end of time while nothing is in flight.</summary>
    public long SweepsAt => _flows.Count == 0 ? long.MaxValue : _sweepAt;

    public void Add(RequestFlow flow)
    {
        if (_flows.Count == 0)
        {
            _sweepAt = clock.Now + _interval;
        }

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

    /// <summary>Cuts what is over its time, if it is time to look.</summary>
    public void Sweep()
    {
        long now = clock.Now;
        if (SweepsAt > now)
        {
            return;
        }

        _sweepAt = now + _interval;
        foreach (RequestFlow flow in _flows)
        {
            if (flow.AttemptDeadline <= now)
            {
                CutOff(flow, flow.EndsWithRequest ? AttemptCut.RequestTimeout : AttemptCut.Timeout);
            }
        }
    }

    public void CutAll(FetchRun run)
    {
        foreach (RequestFlow flow in _flows)
        {
            if (flow.Run == run)
            {
                CutOff(flow, AttemptCut.Stopped);
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
    }
}

/// <summary>Why an attempt was cut from outside.</summary>
internal enum AttemptCut
{
    None,
    Timeout,
    RequestTimeout,
    Stopped,
}
