using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AsyncApi.Fetching.Dispatching;
using AsyncApi.Fetching.Sending;
using AsyncApi.TestSupport;

namespace AsyncApi.Fetching.Tests.Dispatching;

/// <summary>What becomes of one attempt: nothing at all for a while, then the outcome; without one it hangs until it is cut.</summary>
internal sealed record Attempt(TimeSpan Latency, AttemptOutcome? Outcome);

/// <summary>
/// An engine whose clock, randomness, network and threads are the test's: every attempt starts when the test pumps it and ends when
/// the clock says so, on the thread that moves the clock. The same input gives the same schedule.
/// </summary>
internal sealed class VirtualNetwork
{
    private readonly ConcurrentQueue<RequestFlow> _launched = [];
    private readonly List<(RequestFlow Flow, TaskCompletionSource<AttemptOutcome> Hanging)> _hanging = [];
    private readonly Func<RequestFlow, Attempt> _model;

    public VirtualNetwork(FetchEngineOptions options, Func<RequestFlow, Attempt> model)
    {
        _model = model;
        Engine = new FetchEngine(options, Time, new Random(1), SendAsync, _launched.Enqueue);
    }

    public ManualTime Time { get; } = new();

    public FetchEngine Engine { get; }

    /// <summary>The attempts under way, in the order of their starts.</summary>
    public List<RequestFlow> Running { get; } = [];

    /// <summary>Called as each attempt starts, once it is among <see cref="Running"/>.</summary>
    public Action<RequestFlow> Started { get; set; } = static _ => { };

    /// <summary>Called as each attempt ends, once it is not.</summary>
    public Action<RequestFlow, AttemptOutcome> Ended { get; set; } = static (_, _) => { };

    /// <summary>The hosts that the engine knows now.</summary>
    public int KnownHosts => HostsOf(RegistryOf(DispatcherOf(Engine))).Count;

    /// <summary>Lets everything happen that happens at this instant.</summary>
    public void Settle()
    {
        using Inline here = new();
        bool moved;
        do
        {
            moved = false;
            while (_launched.TryDequeue(out RequestFlow? flow))
            {
                flow.Execute();
                moved = true;
            }

            for (int i = _hanging.Count - 1; i >= 0; i--)
            {
                if (_hanging[i].Flow.Cut is not AttemptCut.None and AttemptCut cut)
                {
                    (RequestFlow flow, TaskCompletionSource<AttemptOutcome> hanging) = _hanging[i];
                    _hanging.RemoveAt(i);
                    End(flow, hanging, Failures.ToOutcome(new OperationCanceledException(), cut));
                    moved = true;
                }
            }
        }
        while (moved);
    }

    /// <summary>Moves the clock to the next thing that is due; false when nothing is.</summary>
    public bool Step()
    {
        using Inline here = new();
        return Time.AdvanceToNextTimer();
    }

    private ValueTask<AttemptOutcome> SendAsync(RequestFlow flow)
    {
        Attempt attempt = _model(flow);
        Running.Add(flow);
        Started(flow);
        TaskCompletionSource<AttemptOutcome> ending = new();
        _hanging.Add((flow, ending));
        if (attempt.Outcome is { } outcome)
        {
            Time.CreateTimer(_ => Answer(flow, ending, outcome), null, attempt.Latency, Timeout.InfiniteTimeSpan);
        }

        return new ValueTask<AttemptOutcome>(ending.Task);
    }

    private void Answer(RequestFlow flow, TaskCompletionSource<AttemptOutcome> ending, AttemptOutcome outcome)
    {
        // A cut comes first: then nobody hears the answer.
        if (_hanging.RemoveAll(hanging => hanging.Hanging == ending) > 0)
        {
            End(flow, ending, flow.Cut is AttemptCut.None ? outcome : Failures.ToOutcome(new OperationCanceledException(), flow.Cut));
        }
    }

    private void End(RequestFlow flow, TaskCompletionSource<AttemptOutcome> ending, AttemptOutcome outcome)
    {
        Running.Remove(flow);
        Ended(flow, outcome);
        ending.SetResult(outcome);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_dispatcher")]
    private static extern ref Dispatcher DispatcherOf(FetchEngine engine);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_hosts")]
    private static extern ref Hosts RegistryOf(Dispatcher dispatcher);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_hosts")]
    private static extern ref Dictionary<HostKey, HostGate> HostsOf(Hosts hosts);

    /// <summary>Without a context of the test framework, what awaits goes on at once and here.</summary>
    private sealed class Inline : IDisposable
    {
        private readonly SynchronizationContext? _before = SynchronizationContext.Current;

        public Inline() => SynchronizationContext.SetSynchronizationContext(null);

        public void Dispose() => SynchronizationContext.SetSynchronizationContext(_before);
    }
}
