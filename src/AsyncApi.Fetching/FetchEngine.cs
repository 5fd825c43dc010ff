using System.Runtime.CompilerServices;
using AsyncApi.Fetching.Dispatching;
using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching;

/// <summary>
/// Sends many HTTP requests at once within exact limits: for the engine, for each fetch, for each host. Safe for any
/// number of threads; one engine serves a whole program.
/// </summary>
/// <example>
/// <code>
/// await using FetchEngine engine = new();
/// await foreach (FetchResult result in engine.FetchAsync(requests, new FetchOptions { Concurrency = 50 }))
/// {
///     Console.WriteLine($"{result.Request.Url} {result.Status} {result.Reason}");
/// }
/// </code>
/// </example>
public sealed class FetchEngine : IAsyncDisposable
{
    // Keeps a wild number from overflowing the clock.
    private static readonly TimeSpan LongestHold = TimeSpan.FromDays(366);

    private readonly Dispatcher _dispatcher;
    private readonly RequestRunner _runner;
    private readonly HttpMessageInvoker? _invoker;

    /// <summary>An engine over the real network.</summary>
    /// <param name="options">Its limits; null takes the defaults.</param>
    /// <param name="time">Every clock; null takes the system's.</param>
    /// <param name="random">Makes the jitter of retries; null takes one of its own.</param>
    public FetchEngine(FetchEngineOptions? options = null, TimeProvider? time = null, Random? random = null)
        : this(options ?? new FetchEngineOptions(), time ?? TimeProvider.System, random ?? new Random(), handler: null)
    {
    }

    internal FetchEngine(FetchEngineOptions options, TimeProvider time, Random random, HttpMessageHandler? handler)
        : this(options, time, random, InvokerOf(options, time, handler))
    {
    }

    private FetchEngine(FetchEngineOptions options, TimeProvider time, Random random, HttpMessageInvoker invoker)
        : this(
            options, time, random, new AttemptSender(invoker, options, time).SendAsync,
            static flow => ThreadPool.UnsafeQueueUserWorkItem(flow, preferLocal: false)) =>
        _invoker = invoker;

    /// <summary>For tests in virtual time: attempts are made by <paramref name="send"/>, and set in motion by <paramref name="launch"/>.</summary>
    internal FetchEngine(
        FetchEngineOptions options, TimeProvider time, Random random, Func<RequestFlow, ValueTask<AttemptOutcome>> send, Action<RequestFlow> launch)
    {
        OptionRules.ThrowIfBroken(options);
        HostConcurrency = options.HostConcurrency;
        _dispatcher = new Dispatcher(options with { HostHeld = (host, until) => HostHeld?.Invoke(this, new HostHeldEventArgs(host, until)) }, time, launch);
        _runner = new RequestRunner(send, _dispatcher.Post, new RetryPolicy(random), time);
    }

    /// <summary>
    /// A host asked by <c>Retry-After</c> to be left alone, and until when, so that a restart can <see cref="Hold"/> it again. Raised on any
    /// thread; handlers must return at once.
    /// </summary>
    public event EventHandler<HostHeldEventArgs>? HostHeld;

    /// <summary>Attempts in flight at once to a host without limits of its own.</summary>
    public int HostConcurrency { get; }

    /// <summary>Hosts whose circuit is open now; costs nothing to ask.</summary>
    public int OpenCircuits => _dispatcher.OpenCircuits;

    /// <summary>Starts a fetch. Its results must be read, or it is held up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public FetchRun Start(IFetchSource source, FetchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new FetchOptions();
        OptionRules.ThrowIfBroken(options);
        FetchRun run = new(_dispatcher, _runner, source, options);
        _dispatcher.Post(DispatcherMessage.Start(run));
        return run;
    }

    /// <summary>
    /// Every result of a list in completion order, each request exactly once: asyncio's <c>as_completed</c> with limits. Leaving the
    /// loop early, or <paramref name="token"/>, abandons what is in flight. What a deadline or <see cref="FetchOptions.StopWhen"/> cuts, tried or
    /// not, ends as <see cref="FetchOutcome.Cancelled"/>.
    /// </summary>
    public async IAsyncEnumerable<FetchResult> FetchAsync(
        IEnumerable<FetchRequest> requests, FetchOptions? options = null, [EnumeratorCancellation] CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ListSource source = new(requests);
        await using FetchRun run = Start(source, options);
        // Not by way of ReadAllAsync: an iterator around another costs each result its own.
        while (await run.WaitToReadAsync(token))
        {
            while (run.TryRead(out FetchResult? result))
            {
                yield return result;
            }
        }

        if (run.EndedBy is not FetchReason.None)
        {
            foreach (FetchRequest request in source.Untried())
            {
                yield return FetchResult.NeverTried(request, run.EndedBy, _dispatcher.Time.GetUtcNow());
            }
        }
    }

    /// <summary>The results of a list in the list's order: asyncio's <c>gather(return_exceptions=True)</c> with limits.</summary>
    public async Task<IReadOnlyList<FetchResult>> GatherAsync(
        IReadOnlyList<FetchRequest> requests, FetchOptions? options = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        // By the request itself, since its index is the caller's; the same one may stand in the list more than once.
        Dictionary<FetchRequest, Queue<FetchResult>> results = new(requests.Count, ReferenceEqualityComparer.Instance);
        await foreach (FetchResult result in FetchAsync(requests, options, token))
        {
            if (!results.TryGetValue(result.Request, out Queue<FetchResult>? same))
            {
                results.Add(result.Request, same = new Queue<FetchResult>(1));
            }

            same.Enqueue(result);
        }

        return [.. requests.Select(request => results[request].Dequeue())];
    }

    /// <summary>The hosts that are in use, held, broken or limited now.</summary>
    public Task<IReadOnlyList<HostState>> GetHostsAsync() => _dispatcher.AskAsync(_dispatcher.Reports.AllHosts);

    /// <summary>
    /// Sets the limits of one host over all fetches, at once and for as long as the engine lives, also for a host that is not in use yet.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public void SetHostLimits(HostKey host, HostLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        OptionRules.ThrowIfBroken(limits);
        _dispatcher.ChangeHost(host, (hosts, gate) => hosts.SetLimits(gate, limits));
    }

    /// <summary>Closes the host's circuit; what it learnt of failures is forgotten.</summary>
    public void ResetCircuit(HostKey host) => _dispatcher.ChangeHost(host, static (_, gate) => gate.Circuit.Close());

    /// <summary>Starts no attempt to the host before this time has passed, as if it had asked for that by <c>Retry-After</c>.</summary>
    public void Hold(HostKey host, TimeSpan time) =>
        _dispatcher.ChangeHost(host, (hosts, gate) => hosts.Hold(gate, time < LongestHold ? time : LongestHold, status: 503));

    /// <summary>Abandons every fetch, waits until nothing is in flight, closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        _invoker?.Dispose();
    }

    private static HttpMessageInvoker InvokerOf(FetchEngineOptions options, TimeProvider time, HttpMessageHandler? handler) =>
        new(handler ?? GuardedHandler.Create(new GuardedConnector(options.AddressPolicy, time)));
}
