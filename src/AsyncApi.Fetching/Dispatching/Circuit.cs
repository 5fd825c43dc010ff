namespace AsyncApi.Fetching.Dispatching;

/// <summary>The circuit breaker of one host. Told of each attempt's end by the dispatcher, and asked before each start.</summary>
internal sealed class Circuit(CircuitOptions options, EngineClock clock, OpenCircuits open)
{
    private const int Parts = 10;

    private readonly (int Attempts, int Failures)[] _recent = new (int, int)[Parts];
    private readonly long _part = Math.Max(1, clock.TicksOf(options.Window) / Parts);
    private (int Attempts, int Failures) _sum;
    private long _partNumber;
    private long _lastFailure = long.MinValue;
    private int _endedAtClose;
    private RequestFlow? _probe;

    public CircuitState State
    {
        get;
        private set
        {
            open.Changed(field, value);
            field = value;
        }
    }

    /// <summary>When it becomes half-open; means nothing while it is not open.</summary>
    public long OpenUntil { get; private set; }

    /// <summary>Changes whenever it opens or closes: what began before says nothing about after.</summary>
    public int Epoch { get; private set; }

    /// <summary>Open periods after which the host was still broken.</summary>
    public int Ended { get; private set; }

    public bool Admits => State is CircuitState.Closed || (State is CircuitState.HalfOpen && _probe is null);

    /// <summary>Until then it remembers something that a later attempt has to know; in the past when it does not.</summary>
    public long RemembersUntil => State is CircuitState.Closed ? After(_lastFailure) : After(OpenUntil);

    /// <summary>How many open periods were waited through since it had seen <paramref name="ended"/> of them.</summary>
    public int WaitedThrough(int ended) => State is CircuitState.Closed ? 0 : Ended - Math.Max(ended, _endedAtClose);

    public void Starts(RequestFlow flow)
    {
        flow.CircuitEpoch = Epoch;
        if (State is CircuitState.HalfOpen)
        {
            _probe = flow;
        }
    }

    /// <summary>True when that changed the state.</summary>
    public bool Ends(RequestFlow flow, bool? failed)
    {
        bool wasProbe = _probe == flow;
        if (wasProbe)
        {
            _probe = null;
        }

        if (flow.CircuitEpoch != Epoch || failed is null)
        {
            return wasProbe;
        }

        if (State is CircuitState.HalfOpen)
        {
            return wasProbe && Judge(failed.Value);
        }

        Count(failed.Value);
        bool opens = failed.Value && _sum.Attempts >= options.MinimumAttempts && _sum.Failures >= options.FailureRatio * _sum.Attempts;
        if (opens)
        {
            Open();
        }

        return opens;
    }

    /// <summary>The time of being open is over.</summary>
    public void HalfOpen() => State = CircuitState.HalfOpen;

    public void Close()
    {
        State = CircuitState.Closed;
        Epoch++;
        _endedAtClose = Ended;
        _probe = null;
        _lastFailure = long.MinValue;
        Forget();
    }

    private bool Judge(bool failed)
    {
        if (failed)
        {
            Ended++;
            Open();
        }
        else
        {
            Close();
        }

        return true;
    }

    private void Open()
    {
        State = CircuitState.Open;
        Epoch++;
        OpenUntil = clock.Now + clock.TicksOf(options.OpenFor);
        Forget();
    }

    private void Count(bool failed)
    {
        long number = clock.Now / _part;
        if (number - _partNumber >= Parts)
        {
            Forget();
            _partNumber = number;
        }

        while (_partNumber < number)
        {
            ref (int Attempts, int Failures) oldest = ref _recent[++_partNumber % Parts];
            _sum = (_sum.Attempts - oldest.Attempts, _sum.Failures - oldest.Failures);
            oldest = default;
        }

        ref (int Attempts, int Failures) part = ref _recent[number % Parts];
        part.Attempts++;
        _sum.Attempts++;
        if (failed)
        {
            part.Failures++;
            _sum.Failures++;
            _lastFailure = clock.Now;
        }
    }

    private void Forget()
    {
        Array.Clear(_recent);
        _sum = default;
    }

    private long After(long moment) => moment == long.MinValue ? moment : moment + clock.TicksOf(options.Window);
}
