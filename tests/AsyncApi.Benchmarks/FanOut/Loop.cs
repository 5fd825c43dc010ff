using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using AsyncApi.Fetching;

namespace AsyncApi.Benchmarks.FanOut;

/// <summary>
/// The inside of a contender that has no service: a process that fetches all URLs once for each line it reads and answers with
/// the seconds it took.
/// </summary>
internal static class Loop
{
    public const string Command = "loop";
    public const string Bare = "bare";
    public const string Engine = "engine";

    private static readonly AddressPolicy Loopback = new([AllowedNetwork.Parse("127.0.0.0/8")]);

    public static async Task<int> RunAsync(string[] args, CancellationToken token)
    {
        Uri[] urls = [.. Target.UrlsOf(new Uri(args[2]))];
        if (args[1] == Bare)
        {
            using HttpMessageInvoker invoker = new(GuardedHandler.Create(new GuardedConnector(Loopback, TimeProvider.System)));
            await ServeAsync(() => RunBareAsync(invoker, urls, token), token);
        }
        else
        {
            await using FetchEngine engine = new(new FetchEngineOptions { AddressPolicy = Loopback });
            FetchRequest[] requests = [.. urls.Select((url, index) => new FetchRequest(index, url))];
            await ServeAsync(() => RunEngineAsync(engine, requests, token), token);
        }

        return 0;
    }

    private static async Task ServeAsync(Func<Task<int>> round, CancellationToken token)
    {
        while (await Console.In.ReadLineAsync(token) is not null)
        {
            long start = Stopwatch.GetTimestamp();
            int right = await round();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            Console.WriteLine(right == Target.Urls
                ? elapsed.TotalSeconds.ToString("R", CultureInfo.InvariantCulture)
                : $"{right} of {Target.Urls} answers were right");
        }
    }

    /// <summary>What the client library does at its best: the same handler as the engine's, headers first, bodies into pooled buffers.</summary>
    private static async Task<int> RunBareAsync(HttpMessageInvoker invoker, Uri[] urls, CancellationToken token)
    {
        int right = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = Target.Concurrency, CancellationToken = token };
        await Parallel.ForEachAsync(urls, options, async (url, stop) =>
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            using HttpResponseMessage response = await invoker.SendAsync(request, stop);
            int read = await ReadAsync(response.Content, stop);
            if (response.StatusCode == HttpStatusCode.OK && read == Target.BodyBytes)
            {
                Interlocked.Increment(ref right);
            }
        });
        return right;
    }

    private static async ValueTask<int> ReadAsync(HttpContent content, CancellationToken token)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(2 * Target.BodyBytes);
        Stream body = await content.ReadAsStreamAsync(token);
        int total = 0;
        for (int read = 1; read > 0; total += read)
        {
            read = await body.ReadAsync(buffer.AsMemory(total), token);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return total;
    }

    private static async Task<int> RunEngineAsync(FetchEngine engine, FetchRequest[] requests, CancellationToken token)
    {
        int right = 0;
        FetchOptions options = new() { Concurrency = Target.Concurrency, PerHostConcurrency = Target.Concurrency };
        await foreach (FetchResult result in engine.FetchAsync(requests, options, token))
        {
            using (result)
            {
                right += result.Status == (int)HttpStatusCode.OK && result.Body.Length == Target.BodyBytes ? 1 : 0;
            }
        }

        return right;
    }
}
