using System.Data;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AsyncApi.Storage;

/// <summary>A server that several processes share: each write is a transaction of its own on a connection of its own.</summary>
internal sealed class PostgreSqlBackend : StorageBackend
{
    private const int Tries = 20;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(10);

    private readonly DataFolder _folder;
    private readonly StorageMetrics _metrics;
    private readonly ILogger _logger;
    private readonly PostgreSqlPresence _presence = new();
    private readonly PostgreSqlConnections _connections;
    private readonly PostgreSqlSessions _writers;
    private readonly PostgreSqlSessions _reserved;
    private readonly PostgreSqlSessions _readers;
    private readonly StorageNews _news;
    private readonly TimeSpan _patience;
    private PostgreSqlNews? _sender;
    private PostgreSqlWatch? _watch;

    public PostgreSqlBackend(DataFolder folder, StorageOptions options, StorageNews news, StorageMetrics metrics, ILogger logger)
    {
        _folder = folder;
        _news = news;
        _patience = TimeSpan.FromSeconds(options.ServerPatienceSeconds);
        _metrics = metrics;
        _logger = logger;
        _connections = new PostgreSqlConnections(options.ConnectionString!);
        _writers = new PostgreSqlSessions(options.Writers, _presence, _connections.OpenWriterAsync, QueryTrackingBehavior.TrackAll);
        _reserved = new PostgreSqlSessions(1, _presence, _connections.OpenWriterAsync, QueryTrackingBehavior.TrackAll);
        _readers = new PostgreSqlSessions(options.Readers, _presence, _connections.OpenReaderAsync, QueryTrackingBehavior.NoTracking);
    }

    public override int Waiting => _writers.Waiting + _reserved.Waiting;

    public override async Task StartAsync(CancellationToken token)
    {
        _folder.Take();
        await new PostgreSqlMigrator(_connections, _logger).MigrateAsync(token);
        _sender = new PostgreSqlNews(_news, this, _logger);
        _watch = new PostgreSqlWatch(_connections, _presence, _sender, _patience, _logger);
    }

    public override async Task<T> WriteAsync<T>(
        Func<WriteSession, CancellationToken, ValueTask<T>> command, WriteManner manner, CancellationToken token)
    {
        EnsureStarted();
        // Commands are written for one writer: in a serializable transaction they may read, decide and write as if they were alone.
        // Others lie on the rows that they lock, and are spared the server's bookkeeping.
        IsolationLevel isolation = manner == WriteManner.Alone ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted;
        PostgreSqlSessions sessions = manner == WriteManner.Reserved ? _reserved : _writers;
        for (int left = Tries - 1; ; left--)
        {
            (PostgreSqlSession session, bool wasIdle) = await sessions.TakeAsync(token);
            Attempt attempt = new();
            try
            {
                return await RunAsync(sessions, session, command, isolation, attempt);
            }
            catch (Exception e) when (left > 0 && MayTryAgain(e, wasIdle, attempt))
            {
                // Nothing of it was kept. Those who met do not come back at once and together.
                await Task.Delay(LongestPause * RandomNumberGenerator.GetInt32(Tries - left), TimeProvider.System, token);
            }
            catch (Exception e) when (PostgreSqlErrors.IsOwn(e))
            {
                throw PostgreSqlErrors.Translate(e);
            }
        }
    }

    public override async ValueTask<ReadSession> OpenReadAsync(CancellationToken token)
    {
        EnsureStarted();
        (PostgreSqlSession session, _) = await _readers.TakeAsync(token);
        return new ReadSession(session, () => GiveBack(session));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_sender is not null)
        {
            await _sender.DisposeAsync();
        }

        await _writers.DisposeAsync();
        await _reserved.DisposeAsync();
        await _readers.DisposeAsync();
        if (_watch is not null)
        {
            await _watch.DisposeAsync();
        }

        await _connections.DisposeAsync();
    }

    private async Task<T> RunAsync<T>(
        PostgreSqlSessions sessions, PostgreSqlSession session, Func<WriteSession, CancellationToken, ValueTask<T>> command,
        IsolationLevel isolation, Attempt attempt)
    {
        bool committed = false;
        long start = TimeProvider.System.GetTimestamp();
        NpgsqlTransaction? transaction = null;
        try
        {
            transaction = await session.BeginTransactionAsync(isolation);
            T result = await command(new WriteSession(session), CancellationToken.None);
            await session.FlushAsync();
            await session.BeginAsync(null);
            attempt.IsCommitting = true;
            await session.GuardAsync(transaction.CommitAsync(CancellationToken.None));
            committed = true;
            _metrics.Committed(commands: 1, TimeProvider.System.GetElapsedTime(start));
            return result;
        }
        finally
        {
            bool sound = session.IsSound && (committed || await UndoAsync(session, transaction));
            if (!sound)
            {
                Distrust();
            }

            await sessions.ReturnAsync(session, sound);
        }
    }

    /// <summary>False when the connection is of no use any more.</summary>
    private static async Task<bool> UndoAsync(PostgreSqlSession session, NpgsqlTransaction? transaction)
    {
        try
        {
            await session.BeginAsync(null);
            if (transaction is not null)
            {
                await session.GuardAsync(transaction.RollbackAsync(CancellationToken.None));
            }

            return true;
        }
#pragma warning disable CA1031 // The caller hears of the failure before; the server undoes what a closed connection left.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <summary>The server asks for it; or a connection that lay idle turned out to be dead, which says nothing of the server.</summary>
    private bool MayTryAgain(Exception failure, bool wasIdle, Attempt attempt)
    {
        if (StorageErrors.FindDatabaseError(failure) is not { } found)
        {
            return false;
        }

        return PostgreSqlErrors.WantsAnotherTry(found)
            || (wasIdle && !attempt.IsCommitting && !_presence.IsAway && PostgreSqlErrors.IsUnavailable(found));
    }

    private void Distrust()
    {
        _writers.Distrust();
        _reserved.Distrust();
        _readers.Distrust();
    }

    // Whoever has read does not wait for the connection to be ready for the next.
    private void GiveBack(PostgreSqlSession session) => _ = _readers.ReturnAsync(session, isSound: true);

    private void EnsureStarted()
    {
        if (_watch is null)
        {
            throw new InvalidOperationException("The database has not been started.");
        }
    }

    private sealed class Attempt
    {
        public bool IsCommitting { get; set; }
    }
}
