using System.Threading.Channels;

namespace AsyncApi.Jobs;

/// <summary>
/// Removes data that nobody sees any more, one after the other. What is left when the service stops is removed by the next one.
/// </summary>
internal sealed class JobRemovals(LoopHealth health, TimeProvider time, ILogger<JobRemovals> logger) : JobLoop(health, time, logger)
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
        await removal(stopping);
    }
}
