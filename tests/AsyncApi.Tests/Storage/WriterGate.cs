using AsyncApi.Storage;

namespace AsyncApi.Tests.Storage;

/// <summary>Holds the writer in a command, so that what is written meanwhile waits and becomes one group.</summary>
internal sealed class WriterGate : IDisposable
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _held;

    private WriterGate(Database database) => _held = database.WriteAsync(
        async (_, _) =>
        {
            _begun.SetResult();
            await _open.Task;
        },
        TestContext.Current.CancellationToken);

    public static async Task<WriterGate> CloseAsync(Database database)
    {
        var gate = new WriterGate(database);
        await gate._begun.Task;
        return gate;
    }

    public Task OpenAsync()
    {
        _open.TrySetResult();
        return _held;
    }

    public void Dispose() => _open.TrySetResult();
}
