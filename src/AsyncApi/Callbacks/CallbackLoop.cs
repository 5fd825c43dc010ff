using AsyncApi.Jobs;
using Microsoft.Extensions.Options;

namespace AsyncApi.Callbacks;

/// <summary>Tries deliveries when they fall due, some at once, and of one receiver not more than leave room for the others.</summary>
internal sealed partial class CallbackLoop(
    DeliveryWorkStore store, CallbackSender sender, IOptions<CallbackOptions> options, IOptions<ShutdownOptions> shutdown, LoopHealth health,
    TimeProvider time, ILogger<CallbackLoop> logger) : DueTimeLoop(health, time, logger)
{
    private readonly Dictionary<Task, string> _running = [];
    private readonly CancellationTokenSource _aborted = new();
    private readonly ILogger _logger = logger;

    protected override string Name => "callbacks";

    public override void Dispose()
    {
        _aborted.Dispose();
        base.Dispose();
    }

    protected override async Task<DateTimeOffset?> DoDueAsync(CancellationToken stopping)
    {
        bool more = await store.TakeEndedAsync(stopping);
        foreach (Task over in _running.Keys.Where(task => task.IsCompleted).ToList())
        {
            _running.Remove(over);
        }

        int free = options.Value.Concurrency - _running.Count;
        if (free == 0)
        {
            // A try that ends wakes the loop.
            return null;
        }

        DateTimeOffset now = Time.GetUtcNow();
        HostLoad load = new(_running.Values, options.Value.HostConcurrency);
        DateTimeOffset? next = await store.NextDueAsync(load.Busy, stopping);
        if (next <= now)
        {
            foreach (Delivery delivery in await store.ClaimAsync(free, load, stopping))
            {
                _running.Add(RunAsync(delivery), delivery.Host);
            }

            next = now;
        }

        return more ? now : next;
    }

    protected override async Task EndAsync()
    {
        _aborted.CancelAfter(TimeSpan.FromSeconds(shutdown.Value.DrainSeconds));
        await Task.WhenAll(_running.Keys);
    }

    private async Task RunAsync(Delivery delivery)
    {
        try
        {
            await sender.TryAsync(delivery, _aborted.Token);
        }
        catch (OperationCanceledException) when (_aborted.IsCancellationRequested)
        {
            // The service stops: the row says when this is tried again.
        }
#pragma warning disable CA1031 // One delivery's fault is not the others'; its row says when it is tried again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFault(fault, delivery.JobId);
        }

        Wake();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The callback of job {JobId} met a fault; it is tried again")]
    private partial void LogFault(Exception fault, Guid jobId);
}
