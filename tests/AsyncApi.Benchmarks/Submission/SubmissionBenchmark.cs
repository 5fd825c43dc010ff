using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Submission;

/// <summary>The largest list that the service takes, in one POST, into a fresh service process for each form.</summary>
internal static class SubmissionBenchmark
{
    public const string Name = "submission";

    private const int Lines = 1_000_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    // Nobody listens at that port: the fetch, which begins at once, does next to nothing until it is cancelled.
    private static readonly CompositeFormat Json = CompositeFormat.Parse("{{\"url\":\"http://127.0.0.1:9/articles/{0:0000000}\",\"tag\":\"order-{0}\"}}\n");
    private static readonly CompositeFormat Url = CompositeFormat.Parse("http://127.0.0.1:9/articles/{0:0000000}\r\n");

    public static async Task RunAsync(CancellationToken token)
    {
        Console.WriteLine($"\n{Name}: {Lines} requests in one POST, from its first byte to the 202\n");
        Console.WriteLine("| form | lines/s | CPU-s | peak memory, MiB | fetch's total |\n|---|--:|--:|--:|--:|");
        await MeasureAsync("application/x-ndjson", Json, token);
        await MeasureAsync("text/uri-list", Url, token);
    }

    private static async Task MeasureAsync(string mediaType, CompositeFormat line, CancellationToken token)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(token);
        late.CancelAfter(Deadline);
        using TempFolder data = new();
        await using ServiceProcess service = await Production.StartAsync(data);
        using HttpClient client = new() { BaseAddress = service.Address, Timeout = Timeout.InfiniteTimeSpan };
        TimeSpan before = ProcessUsage.Processor(service.ProcessId);
        long start = Stopwatch.GetTimestamp();
        string id = await SubmitAsync(client, mediaType, line, late.Token);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        TimeSpan processor = ProcessUsage.Processor(service.ProcessId) - before;
        long memory = ProcessUsage.PeakMemory(service.ProcessId);
        int total = await TotalAsync(client, id, late.Token);
        await CancelAsync(client, id, late.Token);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {mediaType} | {Lines / elapsed.TotalSeconds:0} | {processor.TotalSeconds:0.0} | {memory / 1048576.0:0} | {total} |"));
    }

    private static async Task<string> SubmitAsync(HttpClient client, string mediaType, CompositeFormat line, CancellationToken token)
    {
        using LinesContent content = new(mediaType, Lines, line);
        using HttpResponseMessage answer = await client.PostAsync(new Uri("/fetches?concurrency=1", UriKind.Relative), content, token);
        using JsonDocument fetch = await Production.ReadAsync(answer, token);
        return fetch.RootElement.GetProperty("id").GetString()!;
    }

    private static async Task<int> TotalAsync(HttpClient client, string id, CancellationToken token)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"/fetches/{id}", UriKind.Relative), token);
        using JsonDocument fetch = await Production.ReadAsync(answer, token);
        return fetch.RootElement.GetProperty("counts").GetProperty("total").GetInt32();
    }

    private static async Task CancelAsync(HttpClient client, string id, CancellationToken token)
    {
        using HttpResponseMessage answer = await client.PostAsync(new Uri($"/jobs/{id}/cancel", UriKind.Relative), content: null, token);
        using JsonDocument job = await Production.ReadAsync(answer, token);
    }
}
