namespace AsyncApi.Fetching.Dispatching;

/// <summary>What the dispatcher is told. A value, so that telling it allocates nothing where it is told often.</summary>
internal readonly record struct DispatcherMessage(DispatcherMessageKind Kind, object? Subject, object? Content = null, int Number = 0)
{
    /// <summary>Time has passed.</summary>
    public static readonly DispatcherMessage Tick = new(DispatcherMessageKind.Tick, null);

    public static DispatcherMessage Start(FetchRun run) => new(DispatcherMessageKind.Start, run);

    public static DispatcherMessage Hosts(FetchRun run, IReadOnlyList<FetchHost> hosts, int asked) =>
        new(DispatcherMessageKind.Hosts, run, hosts, asked);

    public static DispatcherMessage Requests(Lane lane, IReadOnlyList<FetchRequest> requests, int asked) =>
        new(DispatcherMessageKind.Requests, lane, requests, asked);

    public static DispatcherMessage SourceFailed(FetchRun run, Exception error) => new(DispatcherMessageKind.SourceFailed, run, error);

    /// <summary>The attempt is over; its request may go on or be over too.</summary>
    public static DispatcherMessage Released(RequestFlow flow, bool retrying) =>
        new(DispatcherMessageKind.Released, flow, null, retrying ? 1 : 0);

    public static DispatcherMessage Hold(HostGate host, long until, int status) => new(DispatcherMessageKind.Hold, host, until, status);

    public static DispatcherMessage Room(FetchRun run) => new(DispatcherMessageKind.Room, run);

    public static DispatcherMessage Stop(FetchRun run, FetchStop stop) => new(DispatcherMessageKind.Stop, run, null, (int)stop);

    /// <summary>What is rarely asked for: it runs where the dispatcher's state may be touched.</summary>
    public static DispatcherMessage Do(Action action) => new(DispatcherMessageKind.Do, action);
}

internal enum DispatcherMessageKind
{
    Tick,
    Start,
    Hosts,
    Requests,
    SourceFailed,
    Released,
    Hold,
    Room,
    Stop,
    Do,
}
