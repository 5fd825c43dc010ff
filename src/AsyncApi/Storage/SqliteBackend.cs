using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Storage;

/// <summary>One file, one writer with group commit, pooled readers.</summary>
internal sealed class SqliteBackend(DataFolder folder, StorageOptions options, StorageMetrics metrics, ILogger logger) : StorageBackend
{
    private readonly SqliteReaders _readers = new(folder.DatabaseFile, options.Readers);
    private SqliteWriter? _writer;

    public override int Waiting => _writer?.Waiting ?? 0;

    public override async Task StartAsync(CancellationToken token)
    {
        folder.Take();
        var session = new SqliteSession(SqliteConnections.OpenWriter(folder.DatabaseFile), QueryTrackingBehavior.TrackAll);
        try
        {
            await using (AppDbContext context = SqliteConnections.CreateContext(session.Connection, QueryTrackingBehavior.TrackAll))
            {
                await new SqliteMigrator(logger).MigrateAsync(context, token);
            }

            _writer = new SqliteWriter(session, folder.DatabaseFile, metrics, logger);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public override async Task<T> WriteAsync<T>(
        Func<WriteSession, CancellationToken, ValueTask<T>> command, WriteManner manner, CancellationToken token)
    {
        var write = new WriteCommand<T>(command) { Lingers = manner == WriteManner.Lingering, Token = token };
        await Writer.EnqueueAsync(write);
        return await write.Completion;
    }

    public override ValueTask<ReadSession> OpenReadAsync(CancellationToken token)
    {
        _ = Writer;
        return _readers.OpenAsync(token);
    }

    public override async ValueTask DisposeAsync()
    {
        // Readers first: the last connection to close must be the one that may checkpoint.
        _readers.Dispose();
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }
    }

    private SqliteWriter Writer => _writer ?? throw new InvalidOperationException("The database has not been started.");
}
