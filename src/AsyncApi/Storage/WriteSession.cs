using System.Data.Common;

namespace AsyncApi.Storage;

/// <summary>
/// What a write command works with: a connection that writes, inside a transaction that commits when the command has
/// returned. It is the command's only until then. The transaction is not the command's to end.
/// </summary>
internal sealed class WriteSession(StorageSession session)
{
    /// <summary>Tracks; empty at the start of each command. <c>SaveChanges</c> writes, the commit comes later.</summary>
    public AppDbContext Context => session.Context;

    public DbConnection Connection => session.Connection;

    /// <summary>The statement of this text, compiled once in the connection's life. Reset when the command ends.</summary>
    public Statement Prepare(string sql) => session.Prepare(sql);

    /// <summary>For rows in large numbers. One table's is the same object in each command, empty at its start.</summary>
    public BulkInsert Insert(BulkTable table) => session.Insert(table);
}
