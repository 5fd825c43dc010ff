using AsyncApi.Fetching.Dispatching;
using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Tests.Dispatching;

/// <summary>An engine in virtual time, with what it was seen to do.</summary>
internal sealed class Scene
{
    private readonly Dictionary<FetchRun, List<FetchResult>> _results = [];

    public Scene(FetchEngineOptions? options = null) =>
        Network = new VirtualNetwork(options ?? new FetchEngineOptions(), flow => new Attempt(Latency(flow), Answer(flow)))
        {
            Started = flow => Starts.Add(new SeenStart(flow.Request.Index, flow.Lane.Host.Key, flow.Run, Now)),
        };

    public VirtualNetwork Network { get; }

    public FetchEngine Engine => Network.Engine;

    /// <summary>Null hangs.</summary>
    public Func<RequestFlow, AttemptOutcome?> Answer { get; set; } = static _ => Status(200);

    public Func<RequestFlow, TimeSpan> Latency { get; set; } = static _ => TimeSpan.Zero;

    public List<SeenStart> Starts { get; } = [];

    /// <summary>Since the beginning.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(Network.Time.GetTimestamp());

    public static HostKey HostOf(string name) => new("http", name, 80);

    public static AttemptOutcome Status(int status, TimeSpan? retryAfter = null) => new()
    {
        Reason = status < 400 ? FetchReason.None : FetchReason.HttpStatus,
        Status = status,
        Message = $"The answer was {status}.",
        RetryAfter = retryAfter,
    };

    public static FetchRequest[] Requests(string host, int count, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(i => Loopback.Get($"http://{host}/", i))];

    public FetchRun Start(IEnumerable<FetchRequest> requests, FetchOptions? options = null) => Start(new ListSource(requests), options);

    public FetchRun Start(IFetchSource source, FetchOptions? options = null)
    {
        FetchRun run = Engine.Start(source, options);
        _results.Add(run, []);
        Settle();
        return run;
    }

    public List<FetchResult> ResultsOf(FetchRun run) => _results[run];

    /// <summary>Lets everything happen that is due before then.</summary>
    public void RunFor(TimeSpan time)
    {
        TimeSpan end = Now + time;
        Settle();
        while (Network.Time.UntilNextTimer is { } next && Now + next <= end)
        {
            Network.Step();
            Settle();
        }

        Network.Time.Advance(end - Now);
    }

    public void RunUntil(Func<bool> isOver)
    {
        Settle();
        while (!isOver())
        {
            Network.Step().ShouldBeTrue("something is left to happen");
            Settle();
        }
    }

    public void RunToEnd(FetchRun run) => RunUntil(() => run.State.Over);

    /// <summary>Lets everything happen that happens now, and reads the results.</summary>
    public void Settle()
    {
        Network.Settle();
        while (ReadSome())
        {
            Network.Settle();
        }
    }

    private bool ReadSome()
    {
        bool some = false;
        foreach ((FetchRun run, List<FetchResult> results) in _results)
        {
            while (run.TryRead(out FetchResult? result))
            {
                results.Add(result);
                some = true;
            }
        }

        return some;
    }
}

/// <summary>One start of an attempt.</summary>
internal sealed record SeenStart(int Index, HostKey Host, FetchRun Run, TimeSpan At);
