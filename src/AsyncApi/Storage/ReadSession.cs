using System.Data.Common;

namespace AsyncApi.Storage;

/// <summary>
/// A lease of a read-only connection; dispose it soon, since others wait for it and a long read holds back the log's
/// checkpoint. It sees what was committed before each statement. For one caller, one query at a time.
/// </summary>
internal sealed class ReadSession : IDisposable
{
    private readonly Action _giveBack;
    private StorageSession? _session;

    public ReadSession(StorageSession session, Action giveBack)
    {
        _session = session;
        _giveBack = giveBack;
    }

    /// <summary>Does not track.</summary>
    public AppDbContext Context => Leased.Context;

    public DbConnection Connection => Leased.Connection;

    /// <summary>The statement of this text, compiled once in the connection's life. Reset when the lease ends.</summary>
    public Statement Prepare(string sql) => Leased.Prepare(sql);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _session, null) is not null)
        {
            _giveBack();
        }
    }

    private StorageSession Leased => _session ?? throw new ObjectDisposedException(nameof(ReadSession));
}
