using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AsyncApi.Storage;

/// <summary>A connection to the server. Whatever waits for the server ends when the server is found to be away.</summary>
internal sealed class PostgreSqlSession(NpgsqlConnection connection, QueryTrackingBehavior tracking, PostgreSqlPresence presence) : StorageSession
{
    private readonly Dictionary<string, PostgreSqlStatement> _statements = [];
    private readonly Dictionary<BulkTable, PostgreSqlBulkInsert> _inserts = [];
    private AppDbContext? _context;
    private PostgreSqlStatement? _running;
    private Task _abandoned = Task.CompletedTask;

    public override DbConnection Connection => connection;

    /// <summary>False once a call was given up, the connection broke or somebody left a reader open: nobody may use it again.</summary>
    public bool IsSound => _abandoned.IsCompleted && connection.FullState == ConnectionState.Open;

    public override AppDbContext Context => _context ??= CreateContext();

    public override bool HasRowLocks => true;

    /// <summary>Begins no round trip: the server hears of it with the first statement.</summary>
    public ValueTask<NpgsqlTransaction> BeginTransactionAsync(IsolationLevel isolation) =>
        connection.BeginTransactionAsync(isolation, CancellationToken.None);

    public override Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out PostgreSqlStatement? statement))
        {
            statement = new PostgreSqlStatement(this, connection, sql);
            _statements[sql] = statement;
        }

        return statement;
    }

    public override BulkInsert Insert(BulkTable table)
    {
        if (!_inserts.TryGetValue(table, out PostgreSqlBulkInsert? insert))
        {
            insert = new PostgreSqlBulkInsert(this, connection, table);
            _inserts[table] = insert;
        }

        return insert;
    }

    /// <summary>Sends the rows that are still gathered.</summary>
    public async ValueTask FlushAsync()
    {
        foreach (PostgreSqlBulkInsert insert in _inserts.Values)
        {
            await insert.FlushAsync(CancellationToken.None);
        }
    }

    /// <summary>Ends the reading of the statement before: a connection does one thing at a time.</summary>
    public async ValueTask BeginAsync(PostgreSqlStatement? statement)
    {
        PostgreSqlStatement? before = _running;
        _running = statement;
        if (before is not null && before != statement)
        {
            await before.InterruptAsync();
        }
    }

    public void Ended(PostgreSqlStatement statement)
    {
        if (_running == statement)
        {
            _running = null;
        }
    }

    /// <summary>Waits for the server, as long as it is there; what it then still does is nobody's.</summary>
    /// <exception cref="StorageUnavailableException">It went away meanwhile, or broke the connection.</exception>
    public async Task<T> GuardAsync<T>(Task<T> call)
    {
        await GuardAsync((Task)call);
        return await call;
    }

    /// <inheritdoc cref="GuardAsync{T}"/>
    public async Task GuardAsync(Task call)
    {
        CancellationToken away = presence.Away;
        try
        {
            await call.WaitAsync(away);
            presence.Heard();
        }
        catch (OperationCanceledException) when (away.IsCancellationRequested && !call.IsCompleted)
        {
            _abandoned = call;
            throw new StorageUnavailableException(null);
        }
    }

    /// <summary>Leaves nothing of the last user to the next.</summary>
    public async ValueTask ClearAsync()
    {
        await BeginAsync(null);
        foreach (PostgreSqlStatement statement in _statements.Values)
        {
            statement.Clear();
        }

        foreach (PostgreSqlBulkInsert insert in _inserts.Values)
        {
            insert.Clear();
        }

        _context?.ChangeTracker.Clear();
    }

    /// <summary>Closes the connection, after whatever still runs on it.</summary>
    public async Task CloseAsync()
    {
        await _abandoned.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (PostgreSqlStatement statement in _statements.Values)
        {
            statement.Dispose();
        }

        if (_context is not null)
        {
            await _context.DisposeAsync();
        }

        await connection.DisposeAsync();
    }

    private AppDbContext CreateContext()
    {
        AppDbContext context = PostgreSqlConnections.CreateContext(connection, tracking, new PostgreSqlGuard(this));

        // The command has its transaction; EF must not open its own inside.
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        context.Database.AutoSavepointsEnabled = false;
        return context;
    }
}
