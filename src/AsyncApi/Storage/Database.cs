using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AsyncApi.Storage;

/// <summary>
/// Where features read and write. A write's task ends when its transaction is durably committed, not before; if it fails,
/// nothing of it was kept. Reads see every write whose task has ended.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly ILogger<Database> _logger;
    private readonly SqliteReaders _readers;
    private SqliteWriter? _writer;

    public Database(DataFolder folder, IOptions<StorageOptions> options, ILogger<Database> logger)
    {
        _folder = folder;
        _logger = logger;
        _readers = new SqliteReaders(folder.DatabaseFile, options.Value.Readers);
    }

    /// <summary>Whether other processes may work on the same data at the same time.</summary>
#pragma warning disable CA1822 // A matter of the database that is configured.
    public bool IsShared => false;
#pragma warning restore CA1822

    /// <summary>Takes the folder, checks and migrates the database. Before it nothing can be read or written.</summary>
    public async Task StartAsync(CancellationToken token)
    {
        _folder.Take();
        var session = new SqliteSession(SqliteConnections.OpenWriter(_folder.DatabaseFile), QueryTrackingBehavior.TrackAll);
        try
        {
            await using (AppDbContext context = SqliteConnections.CreateContext(session.Connection, QueryTrackingBehavior.TrackAll))
            {
                await new SqliteMigrator(_logger).MigrateAsync(context, token);
            }

            _writer = new SqliteWriter(session, _folder.DatabaseFile, _logger);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs the command in a transaction, alone in its savepoint but sharing the commit with others that wait. A command that
    /// throws is undone, and the caller gets its exception. Cancelling helps only until it has begun.
    /// </summary>
    /// <exception cref="StorageFullException">The disk or its quota is full.</exception>
    public Task<T> WriteAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> command, CancellationToken token) =>
        EnqueueAsync(command, lingers: false, token);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<WriteSession, CancellationToken, ValueTask> command, CancellationToken token) =>
        EnqueueAsync(WithoutResult(command), lingers: false, token);

    /// <summary>
    /// As <see cref="WriteAsync{T}"/>, for writes nobody waits for at a screen: the commit may be put off by up to 10 ms so that
    /// more of them share it. It is no less durable when the task ends.
    /// </summary>
    public Task<T> WriteLingeringAsync<T>(Func<WriteSession, CancellationToken, ValueTask<T>> command, CancellationToken token) =>
        EnqueueAsync(command, lingers: true, token);

    /// <inheritdoc cref="WriteLingeringAsync{T}"/>
    public Task WriteLingeringAsync(Func<WriteSession, CancellationToken, ValueTask> command, CancellationToken token) =>
        EnqueueAsync(WithoutResult(command), lingers: true, token);

    /// <summary>Leases a read-only connection; waits while all are out. Dispose it as soon as the rows are read.</summary>
    public ValueTask<ReadSession> OpenReadAsync(CancellationToken token)
    {
        _ = Writer;
        return _readers.OpenAsync(token);
    }

    /// <summary>Commits what was accepted, then closes; writes that come later are refused.</summary>
    public async ValueTask DisposeAsync()
    {
        // Readers first: the last connection to close must be the one that may checkpoint.
        _readers.Dispose();
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }
    }

    private SqliteWriter Writer => _writer ?? throw new InvalidOperationException("The database has not been started.");

    private static Func<WriteSession, CancellationToken, ValueTask<bool>> WithoutResult(
        Func<WriteSession, CancellationToken, ValueTask> command) =>
        async (session, token) =>
        {
            await command(session, token);
            return true;
        };

    private async Task<T> EnqueueAsync<T>(
        Func<WriteSession, CancellationToken, ValueTask<T>> command, bool lingers, CancellationToken token)
    {
        var write = new WriteCommand<T>(command) { Lingers = lingers, Token = token };
        await Writer.EnqueueAsync(write);
        return await write.Completion;
    }
}
