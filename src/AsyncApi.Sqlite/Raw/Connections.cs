using System.Runtime.InteropServices;

namespace SQLitePCL;

public static unsafe partial class raw
{
    public static int sqlite3_open(string filename, out sqlite3 db)
    {
        int rc = Open(filename, out nint handle);
        db = new sqlite3(handle);
        return rc;
    }

    public static int sqlite3_open_v2(string filename, out sqlite3 db, int flags, string? vfs)
    {
        int rc = OpenV2(filename, out nint handle, flags, vfs);
        db = new sqlite3(handle);
        return rc;
    }

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_errcode(sqlite3 db);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_extended_errcode(sqlite3 db);

    /// <summary>The operating system's error behind the last failure, such as ENOSPC.</summary>
    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_system_errno(sqlite3 db);

    /// <summary>0 inside a transaction; SQLite may have left it by itself after a failure.</summary>
    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_get_autocommit(sqlite3 db);

    /// <summary>0 none, 1 reading, 2 writing; -1 for an unknown schema. Null asks for all.</summary>
    [LibraryImport(SqliteLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sqlite3_txn_state(sqlite3 db, string? schema);

    public static utf8z sqlite3_errmsg(sqlite3 db) => utf8z.At(Errmsg(db));

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_changes(sqlite3 db);

    public static int sqlite3_exec(sqlite3 db, string sql) => Exec(db, sql, 0, 0, 0);

    public static utf8z sqlite3_db_filename(sqlite3 db, string? database) => utf8z.At(DbFilename(db, database));

    public static int sqlite3_db_config(sqlite3 db, int op, int value, out int result) =>
        // A C function with "...": Apple's ARM convention passes those arguments on the stack, never in registers. Six
        // fillers use the registers up; everywhere else the call looks like a plain one.
        OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? DbConfigOnStack(db, op, 0, 0, 0, 0, 0, 0, value, out result)
            : DbConfig(db, op, value, out result);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_enable_load_extension(sqlite3 db, int enable);

    public static int sqlite3_load_extension(sqlite3 db, utf8z file, utf8z entryPoint, out utf8z message)
    {
        fixed (byte* filePointer = file, entryPointer = entryPoint)
        {
            int rc = LoadExtension(db, filePointer, entryPointer, out nint text);
            message = utf8z.FromString(utf8z.At(text).utf8_to_string());
            Free(text);
            return rc;
        }
    }

    public static int sqlite3_table_column_metadata(
        sqlite3 db, string? database, string table, string? column,
        out string? dataType, out string? collation, out int notNull, out int primaryKey, out int autoIncrement)
    {
        int rc = TableColumnMetadata(
            db, database, table, column, out nint type, out nint sequence, out notNull, out primaryKey, out autoIncrement);
        dataType = utf8z.At(type).utf8_to_string();
        collation = utf8z.At(sequence).utf8_to_string();
        return rc;
    }

    [LibraryImport(SqliteLibrary.Name)]
    internal static partial int sqlite3_close_v2(nint db);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string filename, out nint db);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_open_v2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenV2(string filename, out nint db, int flags, string? vfs);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_errmsg")]
    private static partial nint Errmsg(sqlite3 db);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_exec", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Exec(sqlite3 db, string sql, nint callback, nint argument, nint message);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_db_filename", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint DbFilename(sqlite3 db, string? database);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_db_config")]
    private static partial int DbConfig(sqlite3 db, int op, int value, out int result);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_db_config")]
    private static partial int DbConfigOnStack(
        sqlite3 db, int op, nint x2, nint x3, nint x4, nint x5, nint x6, nint x7, nint value, out int result);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_load_extension")]
    private static partial int LoadExtension(sqlite3 db, byte* file, byte* entryPoint, out nint message);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_table_column_metadata", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int TableColumnMetadata(
        sqlite3 db, string? database, string table, string? column,
        out nint dataType, out nint collation, out int notNull, out int primaryKey, out int autoIncrement);
}
