using System.Runtime.InteropServices;

namespace SQLitePCL;

/// <content>Blob streams and the online backup.</content>
public static unsafe partial class raw
{
    public static int sqlite3_blob_open(
        sqlite3 db, string database, string table, string column, long rowid, int flags, out sqlite3_blob blob)
    {
        int rc = BlobOpen(db, database, table, column, rowid, flags, out nint handle);
        blob = new sqlite3_blob(handle);
        return rc;
    }

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_blob_bytes(sqlite3_blob blob);

    public static int sqlite3_blob_read(sqlite3_blob blob, Span<byte> buffer, int offset)
    {
        fixed (byte* bytes = buffer)
        {
            return BlobRead(blob, bytes, buffer.Length, offset);
        }
    }

    public static int sqlite3_blob_write(sqlite3_blob blob, ReadOnlySpan<byte> buffer, int offset)
    {
        fixed (byte* bytes = buffer)
        {
            return BlobWrite(blob, bytes, buffer.Length, offset);
        }
    }

    public static sqlite3_backup sqlite3_backup_init(sqlite3 destination, string destinationName, sqlite3 source, string sourceName) =>
        new(BackupInit(destination, destinationName, source, sourceName));

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_backup_step(sqlite3_backup backup, int pages);

    [LibraryImport(SqliteLibrary.Name)]
    internal static partial int sqlite3_blob_close(nint blob);

    [LibraryImport(SqliteLibrary.Name)]
    internal static partial int sqlite3_backup_finish(nint backup);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_blob_open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int BlobOpen(
        sqlite3 db, string database, string table, string column, long rowid, int flags, out nint blob);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_blob_read")]
    private static partial int BlobRead(sqlite3_blob blob, byte* buffer, int length, int offset);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_blob_write")]
    private static partial int BlobWrite(sqlite3_blob blob, byte* buffer, int length, int offset);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_backup_init", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint BackupInit(sqlite3 destination, string destinationName, sqlite3 source, string sourceName);
}
