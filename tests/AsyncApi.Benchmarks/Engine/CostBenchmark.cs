using System.Globalization;
using System.Net;
using AsyncApi.Fetching;

namespace AsyncApi.Benchmarks.Engine;

/// <summary>What the engine costs a request by itself, over a handler that answers at once from memory, beside a loop that only sends.</summary>
internal static class CostBenchmark
{
    public const string Name = "cost";

    private const int Requests = 100_000;
    private const int Concurrency = 100;
    private const int Rounds = 12;

    public static async Task RunAsync(CancellationToken token)
    {
        Uri[] urls = [.. Enumerable.Range(0, Requests).Select(static i => new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1/{i}")))];
        FetchRequest[] requests = [.. urls.Select(static (url, index) => new FetchRequest(index, url))];
        using HttpMessageInvoker invoker = new(new Answers());
        await using FetchEngine engine = new(new FetchEngineOptions { AddressPolicy = Loopback.Policy }, TimeProvider.System, new Random(1), new Answers());
        Console.WriteLine("\n| over a handler in memory | processor µs a request | bytes allocated a request |\n|---|--:|--:|");
        await MeasureAsync("bare loop", () => SendAllAsync(invoker, urls, token));
        await MeasureAsync("engine", () => FetchAllAsync(engine, requests, token));
    }

    private static async Task MeasureAsync(string name, Func<Task> round)
    {
        // The least: what disturbs only adds.
        (double microseconds, long bytes) = (double.MaxValue, long.MaxValue);
        for (int i = 0; i < Rounds; i++)
        {
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan used = Environment.CpuUsage.TotalTime;
            await round();
            microseconds = Math.Min(microseconds, (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / Requests);
            bytes = Math.Min(bytes, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / Requests);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {microseconds:0.00} | {bytes} |"));
    }

    private static async Task SendAllAsync(HttpMessageInvoker invoker, Uri[] urls, CancellationToken token)
    {
        foreach (Uri url in urls)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            using HttpResponseMessage response = await invoker.SendAsync(request, token);
            (await response.Content.ReadAsStreamAsync(token)).ReadByte();
        }
    }

    private static async Task FetchAllAsync(FetchEngine engine, FetchRequest[] requests, CancellationToken token)
    {
        FetchOptions options = new() { Concurrency = Concurrency, PerHostConcurrency = Concurrency };
        await foreach (FetchResult result in engine.FetchAsync(requests, options, token))
        {
            result.Dispose();
        }
    }

    private sealed class Answers : HttpMessageHandler
    {
        private static readonly byte[] Body = new byte[1024];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Body), RequestMessage = request });
    }
}
