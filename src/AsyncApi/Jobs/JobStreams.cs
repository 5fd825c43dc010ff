using AsyncApi.Http.Streams;

namespace AsyncApi.Jobs;

/// <summary>Streams what becomes of jobs: views of their rows, so that a reader who comes back goes on where it was.</summary>
internal sealed class JobStreams(JobStore jobs, JobSignals signals, JobFeed feed, TimeProvider time)
{
    private const int CaughtUpAtOnce = 500;

    private static readonly TimeSpan BetweenEvents = TimeSpan.FromMilliseconds(250);

    // Two clocks, or two commits at once: better twice than never.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    /// <summary>One job, until it is over, was deleted or the reader has left.</summary>
    public async Task WriteAsync(Guid id, long? seen, SseWriter writer, CancellationToken token)
    {
        using JobWatch watch = signals.Watch(id);
        while (true)
        {
            Task news = watch.Next;
            Job? job = await watch.ReadAsync(jobs).WaitAsync(token);
            if (job is null)
            {
                return;
            }

            if (JobEvent.Of(job, seen) is { } change)
            {
                seen = JobEvent.IdOf(job);
                change.Write(writer, seen.Value);
                if (!await writer.FlushAsync(token) || change.IsEnd)
                {
                    return;
                }

                // The latest of what comes meanwhile is enough, and of a thousand readers each commit would else wake every one.
                await Task.Delay(BetweenEvents, time, token);
            }

            await writer.WaitAsync(Task.WhenAny(news), token);
        }
    }

    /// <summary>All jobs, until the reader has left, or is so far behind that it had better come back.</summary>
    public async Task WriteAllAsync(long? seen, SseWriter writer, CancellationToken token)
    {
        // Before the look back, so that nothing falls between the two.
        using JobFeedReader reader = feed.Enter();
        if (seen is { } since && !await CatchUpAsync(since, writer, token))
        {
            return;
        }

        while (await writer.WaitAsync(reader.WaitAsync(token), token))
        {
            while (reader.TryRead(out JobFeedBatch? batch))
            {
                foreach (JobEvent change in batch.Events)
                {
                    change.Write(writer, batch.Id);
                }
            }

            if (!await writer.FlushAsync(token))
            {
                return;
            }
        }
    }

    private async Task<bool> CatchUpAsync(long since, SseWriter writer, CancellationToken token)
    {
        // What is no time of this century is none of ours.
        DateTimeOffset from = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(since, 0, 4_102_444_800_000)) - Overlap;
        long number = 0;
        IReadOnlyList<Job> changed;
        do
        {
            changed = await jobs.ListChangedAsync(from, number, CaughtUpAtOnce, token);
            foreach (Job job in changed)
            {
                JobEvent.OfStatus(job).Write(writer, job.ChangedAt.ToUnixTimeMilliseconds());
                (from, number) = (job.ChangedAt, job.Number);
            }

            if (!await writer.FlushAsync(token))
            {
                return false;
            }
        }
        while (changed.Count == CaughtUpAtOnce);
        return true;
    }
}
