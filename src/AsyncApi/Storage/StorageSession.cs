using System.Data.Common;

namespace AsyncApi.Storage;

/// <summary>
/// An open connection with the context and the statements that live as long as it does: both are costly to make and cheap to
/// use again.
/// </summary>
internal abstract class StorageSession
{
    public abstract DbConnection Connection { get; }

    public abstract AppDbContext Context { get; }

    /// <summary>Whether others write at the same time: then rows that decide something must be locked.</summary>
    public virtual bool HasRowLocks => false;

    public abstract Statement Prepare(string sql);

    public abstract BulkInsert Insert(BulkTable table);
}
