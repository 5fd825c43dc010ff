using System.Data.Common;

namespace AsyncApi.Storage;

/// <summary>
/// A lease of a read-only connection; dispose it soon, since others wait for it and a long read holds back the log's
/// checkpoint. It sees what was committed before each statement. For one caller, one query at a time.
/// </summary>
internal sealed class ReadSession : IDisposable
{
    private readonly SqliteReaders _readers;
    private SqliteSession? _session;

    public ReadSession(SqliteReaders readers, SqliteSession session)
    {
        _readers = readers;
        _session = session;
    }

    /// <summary>Does not track.</summary>
    public AppDbContext Context => Leased.Context;

    public DbConnection Connection => Leased.Connection;

    /// <summary>The statement of this text, compiled once in the connection's life. Reset when the lease ends.</summary>
    public Statement Prepare(string sql) => Leased.Prepare(sql);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            _readers.Return(session);
        }
    }

    private SqliteSession Leased => _session ?? throw new ObjectDisposedException(nameof(ReadSession));
}
