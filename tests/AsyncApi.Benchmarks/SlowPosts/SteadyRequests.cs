using System.Diagnostics;

namespace AsyncApi.Benchmarks.SlowPosts;

/// <summary>What ordinary clients ask for, so many a second whatever the answers do, and how long each answer took.</summary>
internal static class SteadyRequests
{
    /// <summary>The latencies in milliseconds, from the moment at which each request was to start, least first.</summary>
    /// <exception cref="HttpRequestException">An answer was no success.</exception>
    public static async Task<double[]> RunAsync(HttpClient client, int perSecond, int seconds, CancellationToken token)
    {
        Task<double>[] requests = new Task<double>[perSecond * seconds];
        using PeriodicTimer tick = new(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < requests.Length; i++)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)i / perSecond);
            while (clock.Elapsed < due)
            {
                await tick.WaitForNextTickAsync(token);
            }

            requests[i] = RequestAsync(client, i, clock, due, token);
        }

        double[] latencies = await Task.WhenAll(requests);
        Array.Sort(latencies);
        return latencies;
    }

    /// <summary>By turns an item and a form.</summary>
    private static async Task<double> RequestAsync(HttpClient client, int i, Stopwatch clock, TimeSpan due, CancellationToken token)
    {
        using FormUrlEncodedContent form = new([new("key", "value")]);
        using HttpResponseMessage answer = i % 2 == 0
            ? await client.GetAsync(new Uri("items/1", UriKind.Relative), token)
            : await client.PostAsync(new Uri("demo1/quick", UriKind.Relative), form, token);
        answer.EnsureSuccessStatusCode();
        return (clock.Elapsed - due).TotalMilliseconds;
    }
}
