using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Storage;

/// <summary>The read-only connections: opened when first needed, at most so many, kept open.</summary>
internal sealed class SqliteReaders(string file, int most) : IDisposable
{
    private readonly SemaphoreSlim _free = new(most, most);
    private readonly ConcurrentStack<SqliteSession> _idle = new();
    private volatile bool _disposed;

    /// <summary>A lease; waits while all are out.</summary>
    public async ValueTask<ReadSession> OpenAsync(CancellationToken token)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _free.WaitAsync(token);
        try
        {
            if (!_idle.TryPop(out SqliteSession? session))
            {
                session = new SqliteSession(SqliteConnections.OpenReader(file), QueryTrackingBehavior.NoTracking);
            }

            return new ReadSession(session, () => Return(session));
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    private void Return(SqliteSession session)
    {
        try
        {
            session.Clear();

            // Someone left a transaction or a reader open: an old snapshot must not reach the next caller nor block checkpoints.
            if (_disposed || session.HoldsSnapshot)
            {
                session.Dispose();
            }
            else
            {
                _idle.Push(session);
                if (_disposed)
                {
                    Dispose();
                }
            }
        }
        finally
        {
            _free.Release();
        }
    }

    // Leases that are still out close their connection when they come back.
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out SqliteSession? session))
        {
            session.Dispose();
        }
    }
}
