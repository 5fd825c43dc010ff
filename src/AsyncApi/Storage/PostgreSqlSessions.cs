using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AsyncApi.Storage;

/// <summary>Sessions that are kept open: opened when first needed, at most so many. When one breaks, the others are not trusted either.</summary>
internal sealed class PostgreSqlSessions(
    int most, PostgreSqlPresence presence, Func<CancellationToken, ValueTask<NpgsqlConnection>> open, QueryTrackingBehavior tracking) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _free = new(most, most);
    private readonly ConcurrentStack<(PostgreSqlSession Session, int Generation)> _idle = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _generation;
    private int _users;
    private volatile bool _disposed;

    /// <summary>How many wait for one now.</summary>
    public int Waiting => Math.Max(0, Volatile.Read(ref _users) - most);

    /// <summary>A session, and whether it was open before: then it may have broken unnoticed.</summary>
    /// <exception cref="StorageUnavailableException">There is none to be had.</exception>
    public async ValueTask<(PostgreSqlSession Session, bool WasIdle)> TakeAsync(CancellationToken token)
    {
        Interlocked.Increment(ref _users);
        bool hasTurn = false;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(Database));
            await WaitForTurnAsync(token);
            hasTurn = true;
            while (_idle.TryPop(out (PostgreSqlSession Session, int Generation) idle))
            {
                if (idle.Generation == Volatile.Read(ref _generation) && idle.Session.IsSound)
                {
                    return (idle.Session, true);
                }

                _ = idle.Session.CloseAsync();
            }

            return (await OpenAsync(token), false);
        }
        catch
        {
            Leave(hasTurn);
            throw;
        }
    }

    /// <summary>Takes a session back. One that is not as it was is closed.</summary>
    public async Task ReturnAsync(PostgreSqlSession session, bool isSound)
    {
        if (isSound && session.IsSound)
        {
            try
            {
                await session.ClearAsync();
            }
#pragma warning disable CA1031 // Whatever went wrong, the session is not to be used again.
            catch (Exception)
#pragma warning restore CA1031
            {
                isSound = false;
            }
        }

        if (isSound && session.IsSound && !_disposed)
        {
            _idle.Push((session, Volatile.Read(ref _generation)));
        }
        else
        {
            _ = session.CloseAsync();
        }

        Leave(hasTurn: true);
    }

    /// <summary>A connection broke: those that lie idle are probably broken too.</summary>
    public void Distrust() => Interlocked.Increment(ref _generation);

    /// <summary>Lets nobody in any more and waits for those that came before.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (Volatile.Read(ref _users) > 0)
        {
            await _drained.Task.WaitAsync(Patience, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        while (_idle.TryPop(out (PostgreSqlSession Session, int Generation) idle))
        {
            await idle.Session.CloseAsync();
        }
    }

    private async Task<PostgreSqlSession> OpenAsync(CancellationToken token)
    {
        CancellationToken away = presence.Away;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(away, token);
        try
        {
            return new PostgreSqlSession(await open(either.Token), tracking, presence);
        }
        catch (OperationCanceledException) when (away.IsCancellationRequested && !token.IsCancellationRequested)
        {
            throw new StorageUnavailableException(null);
        }
        catch (Exception e) when (PostgreSqlErrors.IsOwn(e))
        {
            throw PostgreSqlErrors.Translate(e);
        }
    }

    private async ValueTask WaitForTurnAsync(CancellationToken token)
    {
        CancellationToken away = presence.Away;
        if (away.IsCancellationRequested)
        {
            throw new StorageUnavailableException(null);
        }

        if (_free.Wait(0, token))
        {
            return;
        }

        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(away, token);
        try
        {
            await _free.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (away.IsCancellationRequested && !token.IsCancellationRequested)
        {
            throw new StorageUnavailableException(null);
        }
    }

    private void Leave(bool hasTurn)
    {
        if (hasTurn)
        {
            _free.Release();
        }

        if (Interlocked.Decrement(ref _users) == 0 && _disposed)
        {
            _drained.TrySetResult();
        }
    }
}
