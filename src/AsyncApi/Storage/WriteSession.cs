using System.Data.Common;
using SQLitePCL;

namespace AsyncApi.Storage;

/// <summary>
/// What a write command works with: the one writing connection, inside a transaction that commits when the command has
/// returned. It is the command's only until then. The transaction is not the command's to end.
/// </summary>
internal sealed class WriteSession(SqliteSession session)
{
    /// <summary>Tracks; empty at the start of each command. <c>SaveChanges</c> writes, the commit comes later.</summary>
    public AppDbContext Context => session.Context;

    public DbConnection Connection => session.Connection;

    /// <summary>The statement of this text, compiled once in the connection's life. Reset when the command ends.</summary>
    public PreparedStatement Prepare(string sql) => session.Prepare(sql);
}
