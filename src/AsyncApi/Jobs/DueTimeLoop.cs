namespace AsyncApi.Jobs;

/// <summary>
/// Does what falls due by a time in a table, and between that sleeps: one sleeper until the next due time, whatever their number.
/// A change that makes something due sooner wakes it; the table is the truth, so a wake-up that is lost, or a clock that is set, costs a
/// moment and nothing else.
/// </summary>
internal abstract partial class DueTimeLoop(TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    private readonly JobWakeUp _wakeUp = new();

    protected TimeProvider Time => time;

    /// <summary>To be called after the commit that makes something due.</summary>
    public void Wake() => _wakeUp.Ring();

    /// <summary>Does what is due, and tells when there will be more; null when nothing is known to come.</summary>
    protected abstract Task<DateTimeOffset?> DoDueAsync(CancellationToken stopping);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SleepUntilAsync(await DoDueAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // The loop's boundary: a fault is logged once, and the loop goes on after a pause.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogFault(fault);
                await Task.Delay(PauseAfterFault, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SleepUntilAsync(DateTimeOffset? next, CancellationToken stopping)
    {
        TimeSpan wait = next is { } due && due - time.GetUtcNow() < LongestSleep ? due - time.GetUtcNow() : LongestSleep;
        if (wait > TimeSpan.Zero)
        {
            await _wakeUp.WaitAsync(wait, time, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What is due could not be done; it is tried again")]
    private partial void LogFault(Exception fault);
}
