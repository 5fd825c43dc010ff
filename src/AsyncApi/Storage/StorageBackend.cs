namespace AsyncApi.Storage;

/// <summary>One database behind <see cref="Database"/>, which says what each of these promises.</summary>
internal abstract class StorageBackend : IAsyncDisposable
{
    /// <summary>Writes that wait for their turn now.</summary>
    public abstract int Waiting { get; }

    public abstract Task StartAsync(CancellationToken token);

    public abstract Task<T> WriteAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> command, WriteManner manner, CancellationToken token);

    public abstract ValueTask<ReadSession> OpenReadAsync(CancellationToken token);

    public abstract ValueTask DisposeAsync();
}
