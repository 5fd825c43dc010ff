namespace AsyncApi.Storage;

/// <summary>What a write asks of the database besides a durable commit.</summary>
internal enum WriteManner
{
    /// <summary>To be as if it were alone.</summary>
    Alone,

    /// <summary>Nothing: it is right beside others, by single statements and the rows that it locks.</summary>
    Locking,

    /// <summary>As <see cref="Locking"/>; its commit may be put off for others to share it.</summary>
    Lingering,

    /// <summary>As <see cref="Locking"/>; it waits for no other write, where the database can do several.</summary>
    Reserved,
}
