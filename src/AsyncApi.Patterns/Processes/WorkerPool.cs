using System.Threading.Channels;

namespace AsyncApi.Patterns.Processes;

/// <summary>
/// Worker processes, started when first needed. Each use has a worker to itself and waits while all are busy; a worker that
/// crashed, or whose use was cancelled, is killed and another takes its place.
/// </summary>
internal sealed class WorkerPool : IAsyncDisposable
{
    /// <summary>However many cores there are.</summary>
    public const int MaxSize = 8;

    private readonly IReadOnlyList<string> _command;
    private readonly Channel<Place> _free;

    // The command starts this program as a PatternWorker.
    public WorkerPool(IReadOnlyList<string> command, int size)
    {
        _command = command;
        Size = size;
        _free = Channel.CreateBounded<Place>(size);
        for (int number = 1; number <= size; number++)
        {
            _free.Writer.TryWrite(new Place(number, Worker: null));
        }
    }

    public int Size { get; }

    /// <summary>A pool of so many processes; 0 for one a core.</summary>
    /// <exception cref="NotSupportedException">The host starts no processes.</exception>
    public static WorkerPool Of(PatternHost host, int processes) =>
        new(CommandOf(host), processes == 0 ? Math.Min(Environment.ProcessorCount, MaxSize) : processes);

    /// <exception cref="NotSupportedException">The host starts no processes.</exception>
    public static IReadOnlyList<string> CommandOf(PatternHost host) =>
        host.WorkerCommand ?? throw new NotSupportedException("This host starts no processes for patterns.");

    public async Task<T> UseAsync<T>(Func<WorkerProcess, Task<T>> use, CancellationToken token)
    {
        Place place = await _free.Reader.ReadAsync(token);
        try
        {
            place = place with { Worker = place.Worker ?? WorkerProcess.Start($"process {place.Number}", _command) };
            return await use(place.Worker);
        }
        finally
        {
            if (place.Worker is { IsFit: false } lost)
            {
                await lost.DisposeAsync();
                place = place with { Worker = null };
            }

            _free.Writer.TryWrite(place);
        }
    }

    /// <summary>Waits for the uses under way, then ends all workers.</summary>
    public async ValueTask DisposeAsync()
    {
        for (int ended = 0; ended < Size; ended++)
        {
            Place place = await _free.Reader.ReadAsync();
            if (place.Worker is not null)
            {
                await place.Worker.DisposeAsync();
            }
        }
    }

    private sealed record Place(int Number, WorkerProcess? Worker);
}
