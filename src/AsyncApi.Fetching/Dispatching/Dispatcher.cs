namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// Decides alone what runs next, and owns every limit. It is told by messages, handles one at a time and keeps no lock, so
/// that each decision follows from the messages and the clock.
/// </summary>
internal sealed class Dispatcher : IAsyncDisposable
{
    private readonly EngineClock _clock;
    private readonly Mailbox<DispatcherMessage> _mailbox;
    private readonly Alarm _alarm;
    private readonly DueQueue _due = new();
    private readonly Hosts _hosts;
    private readonly Lanes _lanes;
    private readonly Waits _waits;
    private readonly Refusals _refusals;
    private readonly Turns _turns;
    private readonly Starts _starts;
    private readonly Runs _runs;

    /// <param name="options">The engine's limits.</param>
    /// <param name="time">Every clock.</param>
    /// <param name="launch">Sets an attempt in motion; must return at once.</param>
    public Dispatcher(FetchEngineOptions options, TimeProvider time, Action<RequestFlow> launch)
    {
        _clock = new EngineClock(time);
        _mailbox = new Mailbox<DispatcherMessage>(Handle, Settle);
        _alarm = new Alarm(_clock, () => Post(DispatcherMessage.Tick));
        _hosts = new Hosts(options, _clock, _due);
        _lanes = new Lanes(_hosts, _clock, _due, Post);
        _waits = new Waits(_due, _clock);
        _refusals = new Refusals(_clock);
        Bodies = new BodyBudget(options.MaxUnreadBodyBytes, run => Post(DispatcherMessage.Room(run)));
        _turns = new Turns(Bodies, _clock, _due, OnBlocked);
        _starts = new Starts(options.MaxConcurrency, _turns, _lanes, _clock, launch);
        _runs = new Runs(_lanes, _waits, _refusals, _starts.InFlight, _due, _clock);
        Reports = new Reports(_hosts, _runs, _clock);
    }

    public TimeProvider Time => _clock.Time;

    public BodyBudget Bodies { get; }

    public Reports Reports { get; }

    public int OpenCircuits => _hosts.OpenCircuits.Count;

    public void Post(DispatcherMessage message) => _mailbox.Post(message);

    /// <summary>Asks where the dispatcher's state may be read.</summary>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(DispatcherMessage.Do(() => answer.SetResult(question())));
        return answer.Task;
    }

    /// <summary>The run's options changed.</summary>
    public void Changed(FetchRun run) => Post(DispatcherMessage.Do(() =>
    {
        foreach (Lane lane in run.State.Lanes.Values)
        {
            lane.Rate = Rate.Of(run.Options.RequestsPerSecond, _clock.Frequency, lane.Rate);
            _due.Remove(lane);
            _turns.Offer(lane);
            _lanes.Load(lane);
        }

        _turns.Activate(run);
    }));

    public void Pause(FetchRun run, bool paused) => Post(DispatcherMessage.Do(() =>
    {
        run.State.ResumedAt = run.State.Paused && !paused ? _clock.Now : run.State.ResumedAt;
        run.State.Paused = paused;
        _turns.Activate(run);
    }));

    /// <summary>Changes what is known of a host from outside.</summary>
    public void ChangeHost(HostKey key, Action<Hosts, HostGate> change) => Post(DispatcherMessage.Do(() =>
    {
        HostGate host = _hosts.Of(key);
        change(_hosts, host);
        OnHostChanged(host);
        _hosts.ForgetIfIdle(host);
    }));

    /// <summary>Abandons every run and waits until nothing is in flight.</summary>
    public async ValueTask DisposeAsync()
    {
        Post(DispatcherMessage.Do(_runs.Close));
        await _runs.Idle;
        await _alarm.DisposeAsync();
    }

    private void Handle(DispatcherMessage message)
    {
        switch (message.Kind)
        {
            case DispatcherMessageKind.Released:
                OnReleased((RequestFlow)message.Subject!, retrying: message.Number != 0);
                break;
            case DispatcherMessageKind.Requests:
                OnRequests((Lane)message.Subject!, (IReadOnlyList<FetchRequest>)message.Content!, message.Number);
                break;
            case DispatcherMessageKind.Hosts:
                OnHosts((FetchRun)message.Subject!, (IReadOnlyList<FetchHost>)message.Content!, message.Number);
                break;
            case DispatcherMessageKind.Start:
                _runs.Start((FetchRun)message.Subject!);
                break;
            case DispatcherMessageKind.Room:
                _lanes.LoadWhatWaits((FetchRun)message.Subject!);
                _turns.Activate((FetchRun)message.Subject!);
                break;
            case DispatcherMessageKind.Hold:
                OnHold((HostGate)message.Subject!, (long)message.Content!, message.Number);
                break;
            case DispatcherMessageKind.Stop:
                _runs.Stop((FetchRun)message.Subject!, (FetchStop)message.Number);
                break;
            case DispatcherMessageKind.SourceFailed:
                Runs.SourceFailed((FetchRun)message.Subject!, (Exception)message.Content!);
                break;
            case DispatcherMessageKind.Do:
                ((Action)message.Subject!)();
                break;
            default:
                _alarm.Clear();
                break;
        }
    }

    /// <summary>After some messages: everything happens that may happen now.</summary>
    private void Settle()
    {
        do
        {
            while (_due.TakeDue(_clock.Now) is { } item)
            {
                OnDue(item);
            }

            _starts.StartWhatMay();
        }
        while (RefuseSome());

        _starts.InFlight.Sweep();
        _alarm.Set(Math.Min(_due.Next, _starts.InFlight.SweepsAt));
        _clock.Forget();
    }

    private void OnHosts(FetchRun run, IReadOnlyList<FetchHost> hosts, int asked)
    {
        run.State.Loads--;
        if (_lanes.HostsArrived(run, hosts, asked) is { } fault)
        {
            Runs.SourceFailed(run, fault);
        }

        _runs.EndIfOver(run);
    }

    private void OnRequests(Lane lane, IReadOnlyList<FetchRequest> requests, int asked)
    {
        lane.Run.State.Loads--;
        lane.Read(requests.Count, asked);
        if (lane.Run.State.Stop is FetchStop.None)
        {
            foreach (FetchRequest request in requests)
            {
                OnRequest(lane, request);
            }
        }
        else
        {
            lane.Run.GiveBack(requests);
        }

        _refusals.Note(lane);
        OfferAndLoad(lane);
    }

    private void OnRequest(Lane lane, FetchRequest request)
    {
        if (request.Resumed is null)
        {
            lane.Fresh.Enqueue(request);
            return;
        }

        RequestFlow flow = new(lane, request);
        flow.Resume(request.Resumed, Time.GetUtcNow(), _clock.Now, _clock.Frequency);
        _waits.Begin(flow);
    }

    private void OnReleased(RequestFlow flow, bool retrying)
    {
        Lane lane = flow.Lane;
        bool changed = _starts.Released(flow);
        if (retrying && flow.Run.State.Stop is FetchStop.None)
        {
            _waits.Begin(flow);
        }
        else if (retrying)
        {
            _runs.GiveUp(flow);
        }

        _turns.Offer(lane);
        if (changed)
        {
            OnHostChanged(lane.Host);
        }
        else
        {
            _turns.OfferBlocked(lane.Host);
        }

        _turns.Activate(flow.Run);
        _runs.EndIfOver(lane);
    }

    private void OnDue(DueItem item)
    {
        switch (item)
        {
            case RequestFlow flow:
                _waits.Over(flow);
                flow.Lane.Resting = false;
                _refusals.Note(flow.Lane);
                _turns.Offer(flow.Lane);
                break;
            case Lane lane:
                _turns.Offer(lane);
                break;
            case HostGate host:
                _hosts.TimePassed(host);
                OnHostChanged(host);
                _hosts.ForgetIfIdle(host);
                break;
            case RunState state:
                state.Run.End(FetchReason.Deadline);
                break;
        }
    }

    private void OnHold(HostGate host, long until, int status)
    {
        if (_hosts.Hold(host, until, status))
        {
            // Some may not wait that long.
            _refusals.NoteBlocked(host);
        }
    }

    private void OnHostChanged(HostGate host)
    {
        _refusals.NoteBlocked(host);
        _turns.OfferBlocked(host);
        _hosts.Await(host);
    }

    private void OnBlocked(Lane lane)
    {
        _hosts.Await(lane.Host);
        _refusals.Note(lane);
        _lanes.LoadHosts(lane.Run);
    }

    private bool RefuseSome()
    {
        bool some = false;
        while (_refusals.RefuseOfNext() is { } lane)
        {
            some = true;
            OfferAndLoad(lane);
        }

        return some;
    }

    private void OfferAndLoad(Lane lane)
    {
        _turns.Offer(lane);
        _lanes.Load(lane);
        _runs.EndIfOver(lane);
    }
}
