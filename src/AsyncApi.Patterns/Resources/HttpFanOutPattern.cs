using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Resources;

internal sealed record HttpFanOutParameters
{
    [Description("How many URLs are fetched."), Range(1, 100)]
    public int Urls { get; init; } = 20;

    [Description("How many of them at once."), Range(1, 50)]
    public int Concurrency { get; init; } = 10;

    [Description("Each so-manieth URL is one that does not exist; 0 for none."), Range(0, 100)]
    public int MissingEvery { get; init; } = 7;
}

/// <param name="Url">Relative to the host.</param>
/// <param name="Length">Of the body; null when it could not be fetched.</param>
/// <param name="Error">Why not.</param>
internal sealed record FetchedUrl(string Url, long? Length, string? Error);

internal sealed record HttpFanOutResult(IReadOnlyList<FetchedUrl> Fetched, int MostAtOnce, double TogetherMs, double OneByOneMs);

internal sealed class HttpFanOutPattern() : Pattern<HttpFanOutParameters>(
    "http-fan-out",
    "Many URLs, some at a time",
    "Never more requests at once than allowed; results in the order of the URLs; one that fails takes no other along. Then one by one, for comparison.",
    asyncio: "asyncio.gather with a Semaphore over aiohttp's session.get",
    dotnet: "Task.WhenAll with a SemaphoreSlim, or Parallel.ForEachAsync; behind it this program's own engine")
{
    protected override async Task<object?> RunAsync(HttpFanOutParameters parameters, PatternRun run, CancellationToken token)
    {
        string[] urls = [.. Enumerable.Range(1, parameters.Urls).Select(number => Url(number, parameters.MissingEvery))];
        using SemaphoreSlim slots = new(parameters.Concurrency);
        Gauge gauge = new();

        double start = run.Trace.ElapsedMs;
        FetchedUrl[] fetched = await Task.WhenAll(urls.Select((url, index) => LimitedAsync(index + 1, url)));
        double together = run.Trace.ElapsedMs;
        await run.SpanAsync("one by one", OneByOneAsync, token);
        return new HttpFanOutResult(fetched, gauge.Most, Math.Round(together - start, 3), Math.Round(run.Trace.ElapsedMs - together, 3));

        async Task<FetchedUrl> LimitedAsync(int number, string url)
        {
            await slots.WaitAsync(token);
            gauge.Enter();
            try
            {
                return await run.SpanAsync($"url {number}", inner => FetchAsync(run.Host, url, inner), token);
            }
            finally
            {
                gauge.Leave();
                slots.Release();
            }
        }

        async Task OneByOneAsync(CancellationToken inner)
        {
            foreach (string url in urls)
            {
                await FetchAsync(run.Host, url, inner);
            }
        }
    }

    private static string Url(int number, int missingEvery) =>
        missingEvery > 0 && number % missingEvery == 0 ? $"no-such-page?number={number}" : $"health/live?number={number}";

    private static async Task<FetchedUrl> FetchAsync(PatternHost host, string url, CancellationToken token)
    {
        if (host is not { FetchAsync: { } fetch, BaseAddress: { } address })
        {
            throw new NotSupportedException("This host fetches nothing for patterns.");
        }

        try
        {
            return new FetchedUrl(url, await fetch(new Uri(address, url), token), Error: null);
        }
        catch (HttpRequestException failure)
        {
            return new FetchedUrl(url, Length: null, failure.Message);
        }
    }

    /// <summary>How many are inside, at most.</summary>
    private sealed class Gauge
    {
        private readonly Lock _gate = new();
        private int _inside;

        public int Most { get; private set; }

        public void Enter()
        {
            lock (_gate)
            {
                Most = Math.Max(Most, ++_inside);
            }
        }

        public void Leave()
        {
            lock (_gate)
            {
                _inside--;
            }
        }
    }
}
