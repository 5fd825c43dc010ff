using System.Collections.Concurrent;

namespace AsyncApi.Jobs;

/// <summary>Under which id this process works. Once others may think it dead, it stops all work and goes on under a new one.</summary>
internal sealed class WorkerLife(TimeProvider time) : IDisposable
{
    private readonly ConcurrentQueue<Guid> _former = new();
    private volatile Span _span = new(Guid.CreateVersion7(time.GetUtcNow()));

    public Guid Id => _span.Id;

    /// <summary>The id, and what is cancelled when it is given up: work under it leaves at once and writes nothing.</summary>
    public (Guid Id, CancellationToken Lost) Now
    {
        get
        {
            Span now = _span;
            return (now.Id, now.Lost.Token);
        }
    }

    /// <summary>Whether the id stands in the table.</summary>
    public bool Entered
    {
        get => _span.Entered;
        set => _span.Entered = value;
    }

    /// <summary>Ends the work under the present id; it has heard when this returns.</summary>
    public async Task LoseAsync()
    {
        Span lost = _span;
        // First: whoever enters under the new id finds it.
        _former.Enqueue(lost.Id);
        _span = new Span(Guid.CreateVersion7(time.GetUtcNow()));
        await lost.Lost.CancelAsync();
    }

    /// <summary>An id that was given up and may still stand in the table with all that it had, until <see cref="ForgetFormer"/>.</summary>
    public bool HasFormer(out Guid id) => _former.TryPeek(out id);

    /// <summary>Nothing is left of it.</summary>
    public void ForgetFormer() => _former.TryDequeue(out _);

    public void Dispose() => _span.Lost.Dispose();

    private sealed class Span(Guid id)
    {
        private volatile bool _entered;

        public Guid Id => id;

        public CancellationTokenSource Lost { get; } = new();

        public bool Entered
        {
            get => _entered;
            set => _entered = value;
        }
    }
}
