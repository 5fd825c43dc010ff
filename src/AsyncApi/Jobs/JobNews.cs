using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>
/// Brings word of other processes to those who wait here. Word may be lost, so now and then whoever watches looks into the table
/// without it.
/// </summary>
internal sealed class JobNews(StorageNews news, JobSignals signals, JobWakeUp wakeUp, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!news.HasOthers)
        {
            return;
        }

        news.Listen(Hear);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            signals.AnyChangedElsewhere();
        }
    }

    private void Hear(string? topic)
    {
        if (topic is null)
        {
            signals.AnyChangedElsewhere();
            wakeUp.RingHere();
        }
        else if (topic == JobWakeUp.Topic)
        {
            wakeUp.RingHere();
        }
        else if (topic.StartsWith(JobSignals.Topic, StringComparison.Ordinal)
            && Guid.TryParseExact(topic.AsSpan(JobSignals.Topic.Length), "N", out Guid job))
        {
            signals.ChangedElsewhere(job);
        }
    }
}
