using System.Threading.Channels;
using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>
/// Removes data that nobody sees any more, one after the other. What is left when the service stops is removed by the next one; on a
/// full disk, where even a removal needs some room, it waits.
/// </summary>
internal sealed class JobRemovals(StoragePatience patience, LoopHealth health, TimeProvider time, ILogger<JobRemovals> logger)
    : JobLoop(health, time, logger)
{
    private const int Waiting = 1_000;

    private readonly Channel<Func<CancellationToken, Task>> _queue =
        Channel.CreateBounded<Func<CancellationToken, Task>>(new BoundedChannelOptions(Waiting) { SingleReader = true });

    protected override string Name => "removals";

    // It waits for work as long as there is none, and much of it takes its time.
    protected override TimeSpan Patience => TimeSpan.MaxValue;

    /// <summary>Waits for a place in the queue, not for the removal.</summary>
    public ValueTask AddAsync(Func<CancellationToken, Task> removal, CancellationToken token) => _queue.Writer.WriteAsync(removal, token);

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        Func<CancellationToken, Task> removal = await _queue.Reader.ReadAsync(stopping);
        await patience.RunAsync(
            async stop =>
            {
                await removal(stop);
                return true;
            },
            stopping);
    }
}
