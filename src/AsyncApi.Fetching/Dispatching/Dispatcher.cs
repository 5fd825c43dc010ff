using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// Decides alone what runs next, and owns every limit. It is told by messages, handles one at a time and keeps no lock, so
/// that each decision follows from the messages and the clock.
/// </summary>
internal sealed class Dispatcher : IAsyncDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(50);

    private readonly FetchEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<RequestFlow> _launch;
    private readonly Mailbox<DispatcherMessage> _mailbox;
    private readonly ITimer _sweeper;
    private readonly InFlight _inFlight = new();
    private readonly Lanes _lanes;
    private readonly Turns _turns;
    private readonly Holds _holds;
    private readonly HashSet<FetchRun> _runs = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
        _holds = new Holds(time);
        Bodies = new BodyBudget(options.MaxUnreadBodyBytes, () => Post(DispatcherMessage.BodyRoom));
        _turns = new Turns(Bodies, time);
        _sweeper = time.CreateTimer(_ => Post(DispatcherMessage.Tick), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeProvider Time => _time;

    public BodyBudget Bodies { get; }

    public void Post(DispatcherMessage message) => _mailbox.Post(message);

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
                OnHosts((FetchRun)message.Subject!, (IReadOnlyList<FetchHost>)message.Content!, message.Number);
                break;
            case DispatcherMessageKind.Start:
                OnStart((FetchRun)message.Subject!);
                break;
            case DispatcherMessageKind.Room:
                _turns.Activate((FetchRun)message.Subject!);
                break;
            case DispatcherMessageKind.BodyRoom:
                OnBodyRoom();
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

    private void OnHosts(FetchRun run, IReadOnlyList<FetchHost> hosts, int asked)
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

        _turns.Offer(lane);
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

        _turns.Offer(lane);
        _turns.OfferBlocked(lane.Host);
        _turns.Activate(flow.Run);
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
        _turns.Offer(flow.Lane);
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
        if (_holds.Hold(host, until, status))
        {
            KeepSweeping();
            // Some may not wait that long.
            _turns.OfferBlocked(host);
        }
    }

    private void OnBodyRoom()
    {
        foreach (FetchRun run in _runs)
        {
            _turns.Activate(run);
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
        while (_holds.EndNext(now) is { } host)
        {
            _turns.OfferBlocked(host);
            _lanes.ForgetIfIdle(host);
        }

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
            _sweeper.Change(_holds.UntilNextEnds(now), SweepInterval);
        }
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

    private void StartWhatMay()
    {
        while (_inFlight.Count < _options.MaxConcurrency && _turns.Next() is { } lane)
        {
            Start(lane);
        }
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
        _turns.Offer(lane);
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
