using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Hosts;

/// <summary>Takes up the limits that operators set by way of another process: when word of it comes, and now and then without.</summary>
internal sealed class HostChangeLoop(
    HostControl control, StorageNews news, LoopHealth health, TimeProvider time, ILogger<HostChangeLoop> logger)
    : JobLoop(health, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly JobWakeUp _word = new();

    protected override string Name => "hosts";

    protected override TimeSpan Patience => news.HasOthers ? TimeSpan.FromSeconds(20) : TimeSpan.MaxValue;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        news.Listen(Hear);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        // Where nobody else may use the database, no word ever comes.
        await _word.WaitAsync(news.HasOthers ? Interval : Timeout.InfiniteTimeSpan, Time, stopping);
        await control.RefreshAsync(stopping);
    }

    private void Hear(string? topic)
    {
        if (topic is null or HostControl.Topic)
        {
            _word.RingHere();
        }
    }
}
