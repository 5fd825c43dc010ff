using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// Decides alone what runs next, and owns every limit. Deficit round-robin over the fetches by weight; within a fetch
/// round-robin over the hosts that may run now. It is told by messages, handles one at a time and keeps no lock, so that
/// each decision follows from the messages and the clock.
/// </summary>
internal sealed class Dispatcher : IAsyncDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(50);

    // A timer takes no more than some weeks.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly FetchEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<RequestFlow> _launch;
    private readonly Mailbox<DispatcherMessage> _mailbox;
    private readonly ITimer _sweeper;
    private readonly InFlight _inFlight = new();
    private readonly Lanes _lanes;
    private readonly Queue<FetchRun> _active = [];
    private readonly HashSet<FetchRun> _runs = [];
    private readonly PriorityQueue<HostGate, long> _held = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _unreadBytes;
    private volatile bool _bodiesFull;
    private bool _sweeping;
    private volatile bool _disposed;

    /// <param name="options">The engine's limits.</param>
    /// <param name="time">Every clock.</param>
    /// <param name="launch">Sets an attempt in motion; must return at once.</param>
    public Dispatcher(FetchEngineOptions options, TimeProvider time, Action<RequestFlow> launch)
    {
        _options = options;
        _time = time;
        _launch = launch;
        _mailbox = new Mailbox<DispatcherMessage>(Handle, StartWhatMay);
        _lanes = new Lanes(options.HostConcurrency, Post);
        _sweeper = time.CreateTimer(_ => Post(DispatcherMessage.Tick), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeProvider Time => _time;

    public void Post(DispatcherMessage message) => _mailbox.Post(message);

    public void BodyArrived(FetchBody body) => Interlocked.Add(ref _unreadBytes, body.Memory.Length);

    public void BodyTaken(FetchBody body)
    {
        if (Interlocked.Add(ref _unreadBytes, -body.Memory.Length) <= _options.MaxUnreadBodyBytes / 2 && _bodiesFull)
        {
            _bodiesFull = false;
            Post(DispatcherMessage.BodyRoom);
        }
    }

    /// <summary>Abandons every run and waits until nothing is in flight.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            Post(DispatcherMessage.Tick);
        }

        await _idle.Task;
        await _sweeper.DisposeAsync();
    }

    private void Handle(DispatcherMessage message)
    {
        switch (message.Kind)
        {
            case DispatcherMessageKind.Released:
                OnReleased((RequestFlow)message.Subject!, retrying: message.Number != 0);
                break;
            case DispatcherMessageKind.Again:
                OnAgain((RequestFlow)message.Subject!);
                break;
            case DispatcherMessageKind.GaveUp:
                OnGaveUp((RequestFlow)message.Subject!);
                break;
            case DispatcherMessageKind.Requests:
                OnRequests((Lane)message.Subject!, (IReadOnlyList<FetchRequest>)message.Content!, message.Number);
                break;
            case DispatcherMessageKind.Hosts:
                OnHosts((FetchRun)message.Subject!, (IReadOnlyList<HostKey>)message.Content!, message.Number);
                break;
            case DispatcherMessageKind.Start:
                OnStart((FetchRun)message.Subject!);
                break;
            case DispatcherMessageKind.Room:
                Activate((FetchRun)message.Subject!);
                break;
            case DispatcherMessageKind.BodyRoom:
                ActivateAll();
                break;
            case DispatcherMessageKind.Hold:
                OnHold((HostGate)message.Subject!, (long)message.Content!, message.Number);
                break;
            case DispatcherMessageKind.Stop:
                Stop((FetchRun)message.Subject!, (FetchStop)message.Number);
                break;
            case DispatcherMessageKind.SourceFailed:
                OnSourceFailed((FetchRun)message.Subject!, (Exception)message.Content!);
                break;
            default:
                OnTick();
                break;
        }
    }

    private void OnStart(FetchRun run)
    {
        if (_disposed)
        {
            run.State.Over = true;
            run.Complete(null);
            return;
        }

        _runs.Add(run);
        _lanes.LoadHosts(run);
    }

    private void OnHosts(FetchRun run, IReadOnlyList<HostKey> hosts, int asked)
    {
        run.State.Loads--;
        if (_lanes.HostsArrived(run, hosts, asked) is { } fault)
        {
            OnSourceFailed(run, fault);
        }

        EndIfOver(run);
    }

    private void OnRequests(Lane lane, IReadOnlyList<FetchRequest> requests, int asked)
    {
        lane.Loading = false;
        lane.Run.State.Loads--;
        lane.Exhausted = requests.Count < asked;
        if (lane.Run.State.Stop is FetchStop.None)
        {
            foreach (FetchRequest request in requests)
            {
                lane.Fresh.Enqueue(request);
            }
        }

        Offer(lane);
        _lanes.ForgetIfOver(lane);
        EndIfOver(lane.Run);
    }

    private void OnReleased(RequestFlow flow, bool retrying)
    {
        Lane lane = flow.Lane;
        _inFlight.Remove(flow);
        lane.Running--;
        lane.Host.Running--;
        flow.Run.State.Running--;
        if (retrying)
        {
            lane.Retrying++;
            flow.Run.State.Retrying++;
        }

        Offer(lane);
        OfferBlocked(lane.Host);
        Activate(flow.Run);
        _lanes.ForgetIfOver(lane);
        EndIfOver(flow.Run);
    }

    private void OnAgain(RequestFlow flow)
    {
        if (flow.Run.State.Stop is not FetchStop.None)
        {
            Refuse(flow);
            return;
        }

        flow.Lane.Again.Enqueue(flow);
        Offer(flow.Lane);
    }

    private void OnGaveUp(RequestFlow flow)
    {
        flow.Lane.Retrying--;
        flow.Run.State.Retrying--;
        _lanes.ForgetIfOver(flow.Lane);
        EndIfOver(flow.Run);
    }

    private void OnHold(HostGate host, long until, int status)
    {
        if (until > host.HoldUntil)
        {
            host.HoldUntil = until;
            host.HoldStatus = status;
            _held.Enqueue(host, until);
            KeepSweeping();
            // Some may not wait that long.
            OfferBlocked(host);
        }
    }

    private void OnSourceFailed(FetchRun run, Exception error)
    {
        run.State.Error ??= new FetchSourceException(error);
        Stop(run, FetchStop.Drain);
    }

    private void OnTick()
    {
        long now = _time.GetTimestamp();
        _inFlight.CutOverdue(now);
        EndHolds(now);

        if (_disposed)
        {
            foreach (FetchRun run in _runs.ToArray())
            {
                Stop(run, FetchStop.Abandon);
            }

            CompleteIfIdle();
        }

        if (_inFlight.Count == 0)
        {
            _sweeping = false;
            _sweeper.Change(UntilNextHoldEnds(now), SweepInterval);
        }
    }

    private void EndHolds(long now)
    {
        while (_held.TryPeek(out HostGate? host, out long until) && until <= now)
        {
            _held.Dequeue();
            // A hold that was made longer stands in the queue once more.
            if (host.HoldUntil == until)
            {
                host.HoldUntil = 0;
                OfferBlocked(host);
                _lanes.ForgetIfIdle(host);
            }
        }
    }

    private TimeSpan UntilNextHoldEnds(long now)
    {
        if (!_held.TryPeek(out _, out long until))
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan wait = _time.GetElapsedTime(now, until);
        return wait < LongestSleep ? wait : LongestSleep;
    }

    private void Stop(FetchRun run, FetchStop stop)
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
            lane.Fresh.Clear();
            while (lane.Again.TryDequeue(out RequestFlow? flow))
            {
                Refuse(flow);
            }
        }

        if (stop is not FetchStop.Drain)
        {
            _inFlight.CutAll(run, stop is FetchStop.Cancel ? AttemptCut.Cancelled : AttemptCut.Abandoned);
        }

        EndIfOver(run);
    }

    /// <summary>Puts the lane where it waits: in its run's ring, or with its host while that is closed.</summary>
    private void Offer(Lane lane)
    {
        if (lane.InRing || lane.Blocked || !lane.HasWork || lane.Running >= lane.Limit)
        {
            return;
        }

        // Behind those that wait: whoever gives a slot back would else be the first to take it again, for ever.
        if (lane.Host.Blocked.Count == 0 && lane.MayEnter(_time.GetTimestamp()))
        {
            Enter(lane);
        }
        else
        {
            lane.Blocked = true;
            lane.Host.Blocked.Add(lane);
        }
    }

    private void OfferBlocked(HostGate host)
    {
        if (host.Blocked.Count == 0 || host.Running >= host.Limit)
        {
            return;
        }

        long now = _time.GetTimestamp();
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

    private void Enter(Lane lane)
    {
        lane.InRing = true;
        lane.Run.State.Ring.Enqueue(lane);
        Activate(lane.Run);
    }

    private void Activate(FetchRun run)
    {
        if (!run.State.Active && run.State.Ring.Count > 0 && MayStart(run))
        {
            run.State.Active = true;
            _active.Enqueue(run);
        }
    }

    private void ActivateAll()
    {
        foreach (FetchRun run in _runs)
        {
            Activate(run);
        }
    }

    private bool MayStart(FetchRun run) =>
        run.State.Stop is FetchStop.None
        && run.State.Running < run.Options.Concurrency
        && run.HasRoom
        && HasBodyRoom();

    private bool HasBodyRoom()
    {
        if (Volatile.Read(ref _unreadBytes) < _options.MaxUnreadBodyBytes)
        {
            return true;
        }

        _bodiesFull = true;
        return Volatile.Read(ref _unreadBytes) < _options.MaxUnreadBodyBytes;
    }

    private void StartWhatMay()
    {
        while (_inFlight.Count < _options.MaxConcurrency && _active.TryPeek(out FetchRun? run))
        {
            RunState state = run.State;
            if (!MayStart(run) || NextLane(state) is not { } lane)
            {
                _active.Dequeue();
                state.Active = false;
                continue;
            }

            state.Deficit = state.Deficit > 0 ? state.Deficit : (int)run.Options.Priority;
            Start(lane);
            if (--state.Deficit == 0 && _active.Count > 1)
            {
                _active.Enqueue(_active.Dequeue());
            }
        }
    }

    private Lane? NextLane(RunState run)
    {
        while (run.Ring.TryDequeue(out Lane? lane))
        {
            lane.InRing = false;
            if (lane.HasWork && lane.Running < lane.Limit)
            {
                if (lane.MayEnter(_time.GetTimestamp()))
                {
                    return lane;
                }

                Offer(lane);
            }
        }

        return null;
    }

    private void Start(Lane lane)
    {
        FetchRun run = lane.Run;
        if (lane.Again.TryDequeue(out RequestFlow? flow))
        {
            lane.Retrying--;
            run.State.Retrying--;
        }
        else
        {
            flow = new RequestFlow(lane, lane.Fresh.Dequeue());
        }

        lane.Running++;
        lane.TakeTurn();
        lane.Host.Running++;
        run.State.Running++;
        long now = _time.GetTimestamp();
        flow.AttemptDeadline = now + (long)(run.Options.Timeout.TotalSeconds * _time.TimestampFrequency);
        flow.Refusal = lane.Host.HeldFor(now) is > 0 and long held
            ? AttemptOutcome.Held(lane.Host.HoldStatus, _time.GetElapsedTime(0, held))
            : null;
        _inFlight.Add(flow);
        Offer(lane);
        _lanes.Load(lane);
        KeepSweeping();
        _launch(flow);
    }

    private void Refuse(RequestFlow flow)
    {
        flow.RefuseSlot();
        _launch(flow);
    }

    private void EndIfOver(FetchRun run)
    {
        RunState state = run.State;
        bool nothingLeft = state.Running == 0 && state.Retrying == 0 && state.Loads == 0;
        bool over = state.Stop is FetchStop.None ? nothingLeft && state.HostsEnded && state.Lanes.Count == 0 : nothingLeft;
        if (over && !state.Over)
        {
            state.Over = true;
            _runs.Remove(run);
            _lanes.Forget(run);
            run.Complete(state.Error);
            CompleteIfIdle();
        }
    }

    private void CompleteIfIdle()
    {
        if (_disposed && _runs.Count == 0)
        {
            _idle.TrySetResult();
        }
    }

    private void KeepSweeping()
    {
        if (!_sweeping)
        {
            _sweeping = true;
            _sweeper.Change(SweepInterval, SweepInterval);
        }
    }
}
