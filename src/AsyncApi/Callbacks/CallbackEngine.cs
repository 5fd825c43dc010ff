using AsyncApi.Fetching;
using Microsoft.Extensions.Options;

namespace AsyncApi.Callbacks;

/// <summary>
/// The engine of the fetches once more, with the same guard, and limits of its own: a receiver that fails is no broken host
/// for the fetches, and a circuit that opened for one delivery would keep the others from their tries.
/// </summary>
internal sealed class CallbackEngine : IAsyncDisposable
{
    private readonly FetchEngine _engine;
    private readonly FetchOptions _once;

    public CallbackEngine(AddressPolicy policy, IOptions<CallbackOptions> options, TimeProvider time)
    {
        FetchEngineOptions limits = new()
        {
            AddressPolicy = policy,
            MaxConcurrency = options.Value.Concurrency,
            HostConcurrency = options.Value.HostConcurrency,
            // More than can be made in that window: it never opens. The waits between tries are what spares a broken receiver.
            Circuit = new CircuitOptions { MinimumAttempts = 10_000, Window = TimeSpan.FromSeconds(0.5) },
        };
        _engine = new FetchEngine(limits, time);
        _once = new FetchOptions
        {
            Timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds),
            PerHostConcurrency = options.Value.HostConcurrency,
            Retry = new RetryOptions { MaxRetries = 0 },
            MaxRedirects = 0,
            MaxBodyBytes = 0,
        };
    }

    /// <summary>One attempt, no redirect followed.</summary>
    public async Task<FetchResult> SendAsync(FetchRequest request, CancellationToken token) =>
        (await _engine.GatherAsync([request], _once, token))[0];

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
