using System.Runtime.InteropServices;

namespace SQLitePCL;

/// <summary>
/// An open database. Closing while statements are alive is safe, in whatever order finalizers run: SQLite keeps such a
/// connection until its last statement is gone.
/// </summary>
public sealed class sqlite3 : SafeHandle
{
    internal sqlite3(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        // The hook has no destructor of its own in SQLite; its target would leak with the connection.
        RollbackHook.Remove(handle);
        return raw.sqlite3_close_v2(handle) == raw.SQLITE_OK;
    }
}

/// <summary>A compiled statement; invalid when the text held nothing but blanks and comments.</summary>
public sealed class sqlite3_stmt : SafeHandle
{
    internal sqlite3_stmt(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        // The result repeats the error of the last step; freeing itself cannot fail.
        _ = raw.sqlite3_finalize(handle);
        return true;
    }
}

/// <summary>An open blob of one row.</summary>
public sealed class sqlite3_blob : SafeHandle
{
    internal sqlite3_blob(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _ = raw.sqlite3_blob_close(handle);
        return true;
    }
}

/// <summary>A running copy of one database into another; invalid when it could not begin.</summary>
public sealed class sqlite3_backup : SafeHandle
{
    internal sqlite3_backup(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _ = raw.sqlite3_backup_finish(handle);
        return true;
    }
}
