using AsyncApi.Fetching;
using Microsoft.Extensions.Options;

namespace AsyncApi.Demo;

/// <summary>
/// The one outbound call of the demo, through the fetch engine. It is the operator, not a client, who says where to, so the target may
/// be a private address: the engine is one of its own, whose policy lets that pass and which follows no redirect to anywhere else.
/// </summary>
internal sealed class DemoUpstream : IAsyncDisposable
{
    private static readonly FetchOptions Once = new()
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxBodyBytes = 0,
        MaxRedirects = 0,
        Retry = new RetryOptions { MaxRetries = 0 },
    };

    private readonly Uri? _configured;
    private readonly FetchEngine _engine;

    public DemoUpstream(IOptions<DemoOptions> options, TimeProvider time)
    {
        _configured = options.Value.UpstreamUrl is { } url ? new Uri(url) : null;
        _engine = new FetchEngine(new FetchEngineOptions { AddressPolicy = AddressPolicy.Unrestricted() }, time);
    }

    /// <summary>Whether the upstream answered with a 2xx.</summary>
    /// <param name="own">What to call when nothing is configured.</param>
    /// <param name="requestId">Sent along.</param>
    public async Task<bool> CallAsync(Uri own, string requestId, CancellationToken token)
    {
        FetchRequest request = new(0, _configured ?? own);
        await foreach (FetchResult result in _engine.FetchAsync([request], Once with { CorrelationId = requestId }, token))
        {
            using (result)
            {
                return result is { Outcome: FetchOutcome.Succeeded, Status: < 300 };
            }
        }

        return false;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
