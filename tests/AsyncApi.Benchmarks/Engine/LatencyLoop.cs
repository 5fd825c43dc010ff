using System.Globalization;
using System.Net;
using AsyncApi.Fetching;

namespace AsyncApi.Benchmarks.Engine;

/// <summary>The inside of <see cref="LatencyBenchmark"/>'s contenders. A fetch may have a thousand at one host, so there are five.</summary>
internal static class LatencyLoop
{
    public const string Command = "latency-loop";
    public const string Bare = "bare";
    public const string Engine = "engine";

    private const int Hosts = 5;

    public static async Task<int> RunAsync(string[] args, CancellationToken token)
    {
        LatencyCase one = LatencyCase.Parse(args.AsSpan(2));
        Uri[] urls = [.. Enumerable.Range(0, one.Requests).Select(i => new Uri(
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.{(i % Hosts) + 1}:{args[5]}{LateTarget.PathOf(one.Milliseconds)}")))];
        if (args[1] == Bare)
        {
            using HttpMessageInvoker invoker = new(GuardedHandler.Create(new GuardedConnector(Loopback.Policy, TimeProvider.System)));
            await Worker.ServeAsync(() => RunBareAsync(invoker, urls, one.Concurrency, token), token);
        }
        else
        {
            await using FetchEngine engine = new(new FetchEngineOptions { AddressPolicy = Loopback.Policy, MaxConcurrency = 5_000, HostConcurrency = 5_000 });
            FetchRequest[] requests = [.. urls.Select(static (url, index) => new FetchRequest(index, url))];
            await Worker.ServeAsync(() => RunEngineAsync(engine, requests, one.Concurrency, token), token);
        }

        return 0;
    }

    private static async Task<string?> RunBareAsync(HttpMessageInvoker invoker, Uri[] urls, int concurrency, CancellationToken token)
    {
        int right = 0;
        await Parallel.ForEachAsync(urls, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = token }, async (url, stop) =>
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            using HttpResponseMessage response = await invoker.SendAsync(request, stop);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref right);
            }
        });
        return right == urls.Length ? null : $"{right} of {urls.Length} answers were right";
    }

    private static async Task<string?> RunEngineAsync(FetchEngine engine, FetchRequest[] requests, int concurrency, CancellationToken token)
    {
        int right = 0;
        FetchOptions options = new() { Concurrency = concurrency, PerHostConcurrency = concurrency / Hosts };
        await foreach (FetchResult result in engine.FetchAsync(requests, options, token))
        {
            using (result)
            {
                right += result.Outcome == FetchOutcome.Succeeded ? 1 : 0;
            }
        }

        return right == requests.Length ? null : $"{right} of {requests.Length} answers were right";
    }
}

/// <summary>The addresses that benchmarks talk to.</summary>
internal static class Loopback
{
    public static readonly AddressPolicy Policy = new([AllowedNetwork.Parse("127.0.0.0/8")]);
}
