using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>
/// Says that this process is alive. Where others share the database and it can't say so for 20 s, it stops its work by itself:
/// from 30 s on they may begin it. The time is measured here, on a clock that can't be set.
/// </summary>
internal sealed partial class WorkerHeartbeat(
    WorkerStore workers, WorkerLife life, Database database, LoopHealth health, TimeProvider time, ILogger<WorkerHeartbeat> logger)
    : JobLoop(health, time, logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan SelfFence = TimeSpan.FromSeconds(20);

    private readonly ILogger _logger = logger;
    private long _lastBeat = time.GetTimestamp();

    protected override string Name => "heartbeat";

    protected override TimeSpan Patience => SelfFence;

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        await Task.Delay(Interval, Time, stopping);
        if (!life.Entered)
        {
            // The worker enters first.
            _lastBeat = Time.GetTimestamp();
            return;
        }

        try
        {
            if (!await workers.BeatAsync(life.Id, stopping).WaitAsync(Interval, Time, stopping))
            {
                LogGivenUp();
                await life.LoseAsync();
            }

            _lastBeat = Time.GetTimestamp();
        }
        finally
        {
            // An exclusive database has no others; then work that waits for room on the disk had better go on waiting.
            if (database.IsShared && Time.GetElapsedTime(_lastBeat) >= SelfFence - Interval && !stopping.IsCancellationRequested)
            {
                LogFenced();
                await life.LoseAsync();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "This worker was given up for dead; its work is dropped and it goes on under a new id")]
    private partial void LogGivenUp();

    [LoggerMessage(Level = LogLevel.Error, Message = "The database could not be told that this worker is alive; its work is dropped before another begins it")]
    private partial void LogFenced();
}
