using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace AsyncApi.Storage;

/// <summary>
/// An open connection with the context and the statements that live as long as it does: both are costly to make and cheap to
/// use again.
/// </summary>
internal sealed class SqliteSession(DbConnection connection, QueryTrackingBehavior tracking) : IDisposable
{
    private readonly Dictionary<string, PreparedStatement> _statements = [];
    private readonly List<PreparedStatement> _used = [];
    private AppDbContext? _context;
    private bool _contextUsed;

    public DbConnection Connection { get; } = connection;

    public sqlite3 Handle { get; } = SqliteConnections.HandleOf(connection);

    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>Whether a transaction is open, be it by a statement that was not read to its end.</summary>
    public bool HoldsSnapshot => raw.sqlite3_txn_state(Handle, null) != 0;

    public AppDbContext Context
    {
        get
        {
            _contextUsed = true;
            return _context ??= CreateContext();
        }
    }

    public PreparedStatement Prepare(string sql)
    {
        // A user who disposes what is only lent costs the next one a compilation, not an error.
        if (!_statements.TryGetValue(sql, out PreparedStatement? statement) || statement.IsDisposed)
        {
            statement = new PreparedStatement(Handle, sql);
            _statements[sql] = statement;
        }

        _used.Add(statement);
        return statement;
    }

    /// <summary>Leaves nothing of the last user to the next.</summary>
    public void Clear()
    {
        foreach (PreparedStatement statement in _used)
        {
            if (!statement.IsDisposed)
            {
                statement.Reset();
            }
        }

        _used.Clear();
        if (_contextUsed)
        {
            _contextUsed = false;
            _context!.ChangeTracker.Clear();
        }
    }

    public void Dispose()
    {
        foreach (PreparedStatement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _context?.Dispose();
        Connection.Dispose();
    }

    private AppDbContext CreateContext()
    {
        AppDbContext context = SqliteConnections.CreateContext(Connection, tracking);

        // The group commit has begun a transaction and set a savepoint around the command; EF must not open its own inside.
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        context.Database.AutoSavepointsEnabled = false;
        return context;
    }
}
