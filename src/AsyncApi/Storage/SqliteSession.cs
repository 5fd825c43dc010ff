using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace AsyncApi.Storage;

/// <summary>A connection to the file: the writer's, or one of the readers'.</summary>
internal sealed class SqliteSession(DbConnection connection, QueryTrackingBehavior tracking) : StorageSession, IDisposable
{
    private readonly Dictionary<string, SqliteStatement> _statements = [];
    private readonly Dictionary<BulkTable, SqliteBulkInsert> _inserts = [];
    private readonly List<SqliteStatement> _used = [];
    private readonly List<SqliteBulkInsert> _usedInserts = [];
    private AppDbContext? _context;
    private bool _contextUsed;

    public override DbConnection Connection { get; } = connection;

    public sqlite3 Handle { get; } = SqliteConnections.HandleOf(connection);

    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>Whether a transaction is open, be it by a statement that was not read to its end.</summary>
    public bool HoldsSnapshot => raw.sqlite3_txn_state(Handle, null) != 0;

    public override AppDbContext Context
    {
        get
        {
            _contextUsed = true;
            return _context ??= CreateContext();
        }
    }

    public override Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
        {
            statement = new SqliteStatement(new PreparedStatement(Handle, sql));
            _statements[sql] = statement;
        }

        _used.Add(statement);
        return statement;
    }

    public override BulkInsert Insert(BulkTable table)
    {
        if (!_inserts.TryGetValue(table, out SqliteBulkInsert? insert))
        {
            insert = new SqliteBulkInsert(new PreparedStatement(Handle, SqliteBulkInsert.SqlOf(table)));
            _inserts[table] = insert;
        }

        _usedInserts.Add(insert);
        return insert;
    }

    /// <summary>Leaves nothing of the last user to the next.</summary>
    public void Clear()
    {
        _used.ForEach(statement => statement.Clear());
        _used.Clear();
        _usedInserts.ForEach(insert => insert.Clear());
        _usedInserts.Clear();
        if (_contextUsed)
        {
            _contextUsed = false;
            _context!.ChangeTracker.Clear();
        }
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements.Values)
        {
            statement.Dispose();
        }

        foreach (SqliteBulkInsert insert in _inserts.Values)
        {
            insert.Dispose();
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
