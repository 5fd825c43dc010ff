namespace AsyncApi.Jobs;

/// <summary>
/// Does what falls due by a time in a table, and between that sleeps: one sleeper until the next due time, whatever their number.
/// A change that makes something due sooner wakes it; the table is the truth, so a wake-up that is lost, or a clock that is set, costs a
/// moment and nothing else.
/// </summary>
internal abstract class DueTimeLoop(LoopHealth health, TimeProvider time, ILogger logger) : JobLoop(health, time, logger)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);

    private readonly JobWakeUp _wakeUp = new();

    protected override TimeSpan Patience => TimeSpan.FromSeconds(60);

    /// <summary>To be called after the commit that makes something due.</summary>
    public void Wake() => _wakeUp.Ring();

    /// <summary>Does what is due, and tells when there will be more; null when nothing is known to come.</summary>
    protected abstract Task<DateTimeOffset?> DoDueAsync(CancellationToken stopping);

    protected sealed override async Task TurnAsync(CancellationToken stopping)
    {
        DateTimeOffset? next = await DoDueAsync(stopping);
        TimeSpan wait = next is { } due && due - Time.GetUtcNow() < LongestSleep ? due - Time.GetUtcNow() : LongestSleep;
        if (wait > TimeSpan.Zero)
        {
            await _wakeUp.WaitAsync(wait, Time, stopping);
        }
    }
}
