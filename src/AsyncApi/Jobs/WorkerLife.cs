namespace AsyncApi.Jobs;

/// <summary>Under which id this process works. Once others may think it dead, it stops all work and goes on under a new one.</summary>
internal sealed class WorkerLife(TimeProvider time) : IDisposable
{
    private volatile Span _span = new(Guid.CreateVersion7(time.GetUtcNow()));

    public Guid Id => _span.Id;

    /// <summary>Cancelled when this id is given up: work under it leaves at once and writes nothing.</summary>
    public CancellationToken Lost => _span.Lost.Token;

    /// <summary>Whether the id stands in the table.</summary>
    public bool Entered
    {
        get => _span.Entered;
        set => _span.Entered = value;
    }

    /// <summary>Ends the work under the present id; it has heard when this returns.</summary>
    public Task LoseAsync()
    {
        Span lost = _span;
        _span = new Span(Guid.CreateVersion7(time.GetUtcNow()));
        return lost.Lost.CancelAsync();
    }

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
