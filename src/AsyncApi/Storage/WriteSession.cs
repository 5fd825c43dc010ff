using System.Data.Common;

namespace AsyncApi.Storage;

/// <summary>
/// What a write command works with: a connection that writes, inside a transaction that commits when the command has
/// returned. It is the command's only until then. The transaction is not the command's to end.
/// </summary>
internal sealed class WriteSession(StorageSession session)
{
    private const string ServerTime = "select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";

    /// <summary>Tracks; empty at the start of each command. <c>SaveChanges</c> writes, the commit comes later.</summary>
    public AppDbContext Context => session.Context;

    public DbConnection Connection => session.Connection;

    /// <summary>The statement of this text, compiled once in the connection's life. Reset when the command ends.</summary>
    public Statement Prepare(string sql) => session.Prepare(sql);

    /// <summary>To be put behind a select: the rows that it finds stay as they are until the commit.</summary>
    public string LockingRows => session.HasRowLocks ? " for no key update" : string.Empty;

    /// <summary>As <see cref="LockingRows"/>, and rows that another transaction has locked are not found.</summary>
    public string LockingFreeRows => session.HasRowLocks ? " for no key update skip locked" : string.Empty;

    /// <summary>To be put behind a select: the rows that it finds are there until the commit, whatever else becomes of them.</summary>
    public string KeepingRows => session.HasRowLocks ? " for key share" : string.Empty;

    /// <summary>What all that share the database agree on: its own clock, where it has one; else the one process's.</summary>
    public async ValueTask<DateTimeOffset> CommonTimeAsync(TimeProvider own, CancellationToken token)
    {
        if (!session.HasRowLocks)
        {
            return own.GetUtcNow();
        }

        Statement select = session.Prepare(ServerTime);
        await select.StepAsync(token);
        DateTimeOffset now = select.ColumnTime(0)!.Value;
        await select.ResetAsync();
        return now;
    }

    /// <summary>For rows in large numbers. One table's is the same object in each command, empty at its start.</summary>
    public BulkInsert Insert(BulkTable table) => session.Insert(table);
}
