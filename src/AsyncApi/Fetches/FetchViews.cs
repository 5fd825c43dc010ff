using System.Text.Json;
using AsyncApi.Fetches.Running;
using AsyncApi.Fetching;
using AsyncApi.Http;
using AsyncApi.Jobs;
using Microsoft.Extensions.Options;

namespace AsyncApi.Fetches;

/// <summary>Makes the resource out of the rows and, for a fetch that runs here, of what is in flight.</summary>
internal sealed class FetchViews(LiveFetches live, IOptions<JobsOptions> jobs)
{
    public async Task<FetchView> ShowAsync(FetchRecord record)
    {
        (Job job, Fetch fetch) = record;
        FetchCounts counts = CountsOf(record);
        FetchOptionsView options = ReadOptions(fetch);
        return new FetchView
        {
            Id = job.Id,
            Status = job.Status,
            Label = job.Label,
            Counts = counts,
            Waiting = await WaitingOfAsync(job, counts.Pending),
            Bytes = fetch.Bytes,
            Retries = fetch.Retries,
            LatencyMs = FetchLatency.Of(LatencyHistogram.Read(fetch.Latencies)),
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
            ExpiresAt = job.FinishedAt + jobs.Value.Retention,
            Priority = FetchPriorities.NameOf(job.Priority),
            Options = options with { Headers = Mask(options) },
            Error = job.Error,
            Links = new FetchLinks(
                $"/fetches/{job.Id}", $"/fetches/{job.Id}/results", $"/jobs/{job.Id}/events", $"/jobs/{job.Id}/cancel"),
        };
    }

    public FetchCounts CountsOf(FetchRecord record)
    {
        Fetch fetch = record.Fetch;
        int open = fetch.Total - fetch.LastSeq;
        // What has ended but is not yet written still counts as running, so that the five add up at any moment.
        int running = Math.Min(open, live.Find(record.Job.Id)?.InFlight ?? 0);
        return new FetchCounts(fetch.Total, open - running, running, fetch.Succeeded, fetch.Failed, fetch.Cancelled);
    }

    public static FetchOptionsView ReadOptions(Fetch fetch) =>
        JsonSerializer.Deserialize<FetchOptionsView>(fetch.Options, JsonDefaults.Options)!;

    public static string WriteOptions(FetchOptionsView options) => JsonSerializer.Serialize(options, JsonDefaults.Options);

    private async Task<FetchWaitingView> WaitingOfAsync(Job job, int pending)
    {
        FetchWaiting waiting = job.Status switch
        {
            JobStatus.Scheduled => new FetchWaiting(),
            JobStatus.Paused => new FetchWaiting { Paused = pending },
            _ => live.Find(job.Id) is { } fetch ? await fetch.GetWaitingAsync() : new FetchWaiting(),
        };
        // The engine was asked a moment after the rows were read: what does not fit any more is cut, so that they add up.
        int left = pending;
        int Take(int count) => left - (left = Math.Max(0, left - count));
        int scheduled = Take(job.Status is JobStatus.Scheduled ? pending : 0);
        int paused = Take(waiting.Paused);
        int retryAfter = Take(waiting.RetryAfter);
        int circuit = Take(waiting.Circuit);
        int retry = Take(waiting.Retry);
        int rate = Take(waiting.Rate);
        int host = Take(waiting.Host);
        return new FetchWaitingView(Slot: left, host, rate, retry, retryAfter, circuit, paused, scheduled);
    }

    private static Dictionary<string, string> Mask(FetchOptionsView options) =>
        options.Headers.ToDictionary(
            header => header.Key,
            header => SecretHeaders.IsSecret(header.Key, options.SecretHeaders) ? SecretHeaders.Masked : header.Value,
            StringComparer.OrdinalIgnoreCase);
}
