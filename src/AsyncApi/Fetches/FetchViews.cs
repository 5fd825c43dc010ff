using System.Text.Json;
using AsyncApi.Fetches.Running;
using AsyncApi.Http;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches;

/// <summary>Makes the resource out of the rows and, for a fetch that runs here, of what is in flight.</summary>
internal sealed class FetchViews(LiveFetches live)
{
    public FetchView Of(FetchRecord record)
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
            Waiting = WaitingOf(job, counts.Pending),
            Bytes = fetch.Bytes,
            Retries = fetch.Retries,
            LatencyMs = LatencyHistogram.Read(fetch.Latencies).ToLatency(),
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
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

    private FetchWaiting WaitingOf(Job job, int pending)
    {
        int scheduled = job.Status == JobStatus.Scheduled ? pending : 0;
        int paused = job.Status == JobStatus.Paused ? pending : 0;
        int retry = Math.Min(pending - scheduled - paused, live.Find(job.Id)?.Retrying ?? 0);
        return new FetchWaiting(pending - scheduled - paused - retry, 0, 0, retry, 0, 0, paused, scheduled);
    }

    private static Dictionary<string, string> Mask(FetchOptionsView options) =>
        options.Headers.ToDictionary(
            header => header.Key,
            header => SecretHeaders.IsSecret(header.Key, options.SecretHeaders) ? SecretHeaders.Masked : header.Value,
            StringComparer.OrdinalIgnoreCase);
}
