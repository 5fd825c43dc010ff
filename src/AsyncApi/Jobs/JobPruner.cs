using Microsoft.Extensions.Options;

namespace AsyncApi.Jobs;

/// <summary>Deletes jobs that have been over for longer than they are kept.</summary>
internal sealed partial class JobPruner(
    JobDeletionStore jobs, IOptions<JobsOptions> options, LoopHealth health, TimeProvider time, ILogger<JobPruner> logger)
    : JobLoop(health, time, logger)
{
    private const int AtOnce = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = logger;

    protected override string Name => "pruner";

    // A turn deletes as much as there is.
    protected override TimeSpan Patience => TimeSpan.FromHours(1);

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        int count = 0;
        IReadOnlyList<Guid> expired;
        do
        {
            expired = await jobs.ListOverAsync(Time.GetUtcNow() - options.Value.Retention, AtOnce, stopping);
            foreach (Guid id in expired)
            {
                if ((await jobs.DeleteAsync(id, stopping)).Removal is { } removal)
                {
                    await removal(stopping);
                }

                count++;
            }
        }
        while (expired.Count == AtOnce);

        await jobs.ForgetAsync(stopping);
        if (count > 0)
        {
            LogPruned(count);
        }

        await Task.Delay(Interval, Time, stopping);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} jobs were deleted with their data after the time they are kept")]
    private partial void LogPruned(int count);
}
