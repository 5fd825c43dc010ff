using System.Net;
using AsyncApi.Fetching;
using AsyncApi.Patterns.Processes;

namespace AsyncApi.Patterns;

/// <summary>
/// What one run may use of the service. It has an engine of its own, whose guard lets it reach the service's address and
/// nothing else: no parameter of a pattern can lead anywhere.
/// </summary>
internal sealed class PatternSurroundings : IAsyncDisposable
{
    private static readonly string[] WorkerCommand = [.. OwnProgram.Command, PatternWorker.Argument];

    private readonly FetchEngine _engine;

    public PatternSurroundings(IPEndPoint own, TimeProvider time)
    {
        IPAddress address = own.Address.IsIPv4MappedToIPv6 ? own.Address.MapToIPv4() : own.Address;
        IPEndPoint endpoint = new(address, own.Port);
        _engine = new FetchEngine(new FetchEngineOptions { AddressPolicy = new AddressPolicy([AllowedNetwork.Parse(endpoint.ToString())]) }, time);
        Host = new PatternHost
        {
            TempFolder = Path.GetTempPath(),
            WorkerCommand = WorkerCommand,
            BaseAddress = new Uri($"http://{endpoint}/"),
            FetchAsync = FetchAsync,
            ConnectDatabase = PatternDatabase.Connect,
        };
    }

    public PatternHost Host { get; }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task<long> FetchAsync(Uri url, CancellationToken token)
    {
        FetchOptions once = new() { Retry = new RetryOptions { MaxRetries = 0 } };
        using FetchResult result = (await _engine.GatherAsync([new FetchRequest(Index: 0, url)], once, token))[0];
        return result.Outcome == FetchOutcome.Succeeded ? result.Body.Length : throw new HttpRequestException(result.Message ?? result.Reason.ToString());
    }
}
