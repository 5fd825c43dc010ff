using Microsoft.Extensions.Options;

namespace AsyncApi.Storage;

/// <summary>
/// Where features read and write. A write's task ends when its transaction is durably committed, not before; if it fails,
/// nothing of it was kept, unless the connection to the database broke in the very commit. Reads see every write whose task has ended.
/// </summary>
internal sealed class Database(
    DataFolder folder, IOptions<StorageOptions> options, StorageNews news, StorageMetrics metrics, ILogger<Database> logger) : IAsyncDisposable
{
    private readonly StorageBackend _backend = options.Value.Provider == StorageProvider.PostgreSql
        ? new PostgreSqlBackend(folder, options.Value, news, metrics, logger)
        : new SqliteBackend(folder, options.Value, metrics, logger);

    /// <summary>Whether other processes may use it too. What they are to read must then lie in it, not in this machine's files.</summary>
    public bool IsShared => news.HasOthers;

    /// <summary>Checks and migrates the database. Before it nothing can be read or written.</summary>
    public Task StartAsync(CancellationToken token)
    {
        metrics.Watch(() => _backend.Waiting);
        return _backend.StartAsync(token);
    }

    /// <summary>
    /// Runs the command in a transaction of its own, or in a savepoint of one that it shares with others that wait. A command that
    /// throws is undone, and the caller gets its exception. Cancelling helps only until it has begun. Where the database asks for
    /// another try the command runs again, so it must not change anything outside that a second run would change once more.
    /// </summary>
    /// <exception cref="StorageFullException">The disk or its quota is full.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public Task<T> WriteAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> command, CancellationToken token) =>
        _backend.WriteAsync(command, WriteManner.Alone, token);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<WriteSession, CancellationToken, ValueTask> command, CancellationToken token) =>
        _backend.WriteAsync(WithoutResult(command), WriteManner.Alone, token);

    /// <summary>
    /// As <see cref="WriteAsync{T}"/>, for a command that is right beside others by itself: it locks the rows that it decides on,
    /// or is one statement. It sees what is committed before each statement, and is not run again because others wrote.
    /// </summary>
    public Task<T> WriteLockingAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> command, CancellationToken token) =>
        _backend.WriteAsync(command, WriteManner.Locking, token);

    /// <summary>As <see cref="WriteLockingAsync{T}"/>, for the one write that must come through however many others wait for their turn.</summary>
    public Task<T> WriteReservedAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> command, CancellationToken token) =>
        _backend.WriteAsync(command, WriteManner.Reserved, token);

    /// <summary>
    /// As <see cref="WriteLockingAsync{T}"/>, for writes nobody waits for at a screen: the commit may be put off by up to 10 ms so that
    /// more of them share it. It is no less durable when the task ends.
    /// </summary>
    public Task<T> WriteLingeringAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> command, CancellationToken token) =>
        _backend.WriteAsync(command, WriteManner.Lingering, token);

    /// <inheritdoc cref="WriteLingeringAsync{T}"/>
    public Task WriteLingeringAsync(Func<WriteSession, CancellationToken, ValueTask> command, CancellationToken token) =>
        _backend.WriteAsync(WithoutResult(command), WriteManner.Lingering, token);

    /// <summary>Leases a read-only connection; waits while all are out. Dispose it as soon as the rows are read.</summary>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public ValueTask<ReadSession> OpenReadAsync(CancellationToken token) => _backend.OpenReadAsync(token);

    /// <summary>Commits what was accepted, then closes; writes that come later are refused.</summary>
    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    private static Func<WriteSession, CancellationToken, ValueTask<bool>> WithoutResult(
        Func<WriteSession, CancellationToken, ValueTask> command) =>
        async (session, token) =>
        {
            await command(session, token);
            return true;
        };
}
