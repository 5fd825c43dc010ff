using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>
/// Something that is done over and over while the service runs. A turn that meets a fault is logged, seen in
/// <c>/health/ready</c>, and tried again after a pause that grows.
/// </summary>
internal abstract partial class JobLoop(LoopHealth health, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>What users of the health check read.</summary>
    protected abstract string Name { get; }

    /// <summary>How long a turn may take, its waiting included, before the loop counts as stuck.</summary>
    protected abstract TimeSpan Patience { get; }

    protected TimeProvider Time => time;

    /// <summary>Does what there is to do, then waits for more.</summary>
    protected abstract Task TurnAsync(CancellationToken stopping);

    /// <summary>After the last turn.</summary>
    protected virtual Task EndAsync() => Task.CompletedTask;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = FirstPause;
        string? away = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            health.Turn(Name, Patience);
            try
            {
                await TurnAsync(stoppingToken);
                health.Turned(Name);
                pause = FirstPause;
                if (away is not null)
                {
                    away = null;
                    LogBack(Name);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // The loop's boundary: a fault is logged once, and the loop goes on after a pause.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                health.Fault(Name);
                if (StorageErrors.IsUnavailable(fault))
                {
                    // To ask costs nothing, and who asks often goes on as soon as it is back.
                    pause = FirstPause;
                    // Once, however long: there are many loops, and the log is to be read afterwards.
                    if (away != fault.Message)
                    {
                        away = fault.Message;
                        LogAway(Name, away);
                    }
                }
                else
                {
                    LogFault(fault, Name, pause.TotalSeconds);
                }

                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        await EndInPeaceAsync();
    }

    /// <summary>The stop was ordered, and is not turned into a failure by what could not be written any more.</summary>
    private async Task EndInPeaceAsync()
    {
        try
        {
            await EndAsync();
        }
#pragma warning disable CA1031 // The same boundary, at its end.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogUnended(fault, Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The loop of the {Loop} waits: {Why}")]
    private partial void LogAway(string loop, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The loop of the {Loop} goes on")]
    private partial void LogBack(string loop);

    [LoggerMessage(Level = LogLevel.Error, Message = "The loop of the {Loop} met a fault and goes on in {Seconds} s")]
    private partial void LogFault(Exception fault, string loop, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The loop of the {Loop} met a fault at its end; the next start makes up for it")]
    private partial void LogUnended(Exception fault, string loop);
}
