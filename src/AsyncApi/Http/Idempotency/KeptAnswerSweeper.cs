namespace AsyncApi.Http.Idempotency;

/// <summary>Removes answers that have outlived their time. Nothing waits for it: an old one is not found anyway.</summary>
internal sealed partial class KeptAnswerSweeper(KeptAnswerStore answers, TimeProvider time, ILogger<KeptAnswerSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SweepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops; what is left is swept by the next run.
        }
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        try
        {
            await answers.RemoveOldAsync(stopping);
        }
#pragma warning disable CA1031 // The loop's boundary: a fault is logged, and the next round tries again.
        catch (Exception fault) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFault(fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old idempotency keys could not be removed; the next round tries again")]
    private partial void LogFault(Exception fault);
}
