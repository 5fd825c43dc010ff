using System.Diagnostics.CodeAnalysis;

namespace AsyncApi.Storage;

/// <summary>A write in the queue, with the caller who waits for its commit.</summary>
internal abstract class WriteCommand
{
    /// <summary>Whether it may wait a moment for others to share its commit.</summary>
    public required bool Lingers { get; init; }

    public required CancellationToken Token { get; init; }

    /// <summary>Why this command, whatever becomes of its group, did not succeed.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Runs it to its end on the writer's thread.</summary>
    public abstract void Execute(WriteSession session);

    /// <summary>Its transaction is committed: tells the caller the result, or the failure of this command alone.</summary>
    public abstract void Complete();

    /// <summary>Nothing was kept of its transaction. Does nothing when the caller has been answered.</summary>
    public abstract void Fail(Exception error);

    /// <summary>The caller left before it began.</summary>
    public abstract void Skip();
}

internal sealed class WriteCommand<T>(Func<WriteSession, CancellationToken, ValueTask<T>> command) : WriteCommand
{
    // Asynchronous continuations, or a caller's code would run on the writer's thread and hold up everybody's commits.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Completion => _completion.Task;

    // What has begun is not interrupted: half a group would have to be undone for a caller who no longer listens.
    [SuppressMessage("Usage", "MA0045", Justification = "The thread is the writer's own and has nothing else to do until the command ends.")]
    public override void Execute(WriteSession session)
    {
        ValueTask<T> running = command(session, CancellationToken.None);
        _result = running.IsCompleted ? running.GetAwaiter().GetResult() : running.AsTask().GetAwaiter().GetResult();
    }

    public override void Complete()
    {
        if (Failure is not null)
        {
            _completion.SetException(Failure);
        }
        else
        {
            _completion.SetResult(_result!);
        }
    }

    public override void Fail(Exception error) => _completion.TrySetException(Failure ?? error);

    public override void Skip() => _completion.SetCanceled(Token);
}
