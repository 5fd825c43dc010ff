using System.Runtime.InteropServices;

namespace SQLitePCL;

public static unsafe partial class raw
{
    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_column_count(sqlite3_stmt stmt);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_data_count(sqlite3_stmt stmt);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_column_type(sqlite3_stmt stmt, int column);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial long sqlite3_column_int64(sqlite3_stmt stmt, int column);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial double sqlite3_column_double(sqlite3_stmt stmt, int column);

    public static utf8z sqlite3_column_text(sqlite3_stmt stmt, int column)
    {
        // Text may hold zeros, so the length is asked for; after the text, since the call may convert it.
        nint text = ColumnText(stmt, column);
        return utf8z.At(text, ColumnBytes(stmt, column));
    }

    public static ReadOnlySpan<byte> sqlite3_column_blob(sqlite3_stmt stmt, int column)
    {
        nint bytes = ColumnBlob(stmt, column);
        return new ReadOnlySpan<byte>((byte*)bytes, bytes == 0 ? 0 : ColumnBytes(stmt, column));
    }

    public static utf8z sqlite3_column_name(sqlite3_stmt stmt, int column) => utf8z.At(ColumnName(stmt, column));

    public static utf8z sqlite3_column_decltype(sqlite3_stmt stmt, int column) => utf8z.At(ColumnDecltype(stmt, column));

    public static utf8z sqlite3_column_database_name(sqlite3_stmt stmt, int column) => utf8z.At(ColumnDatabaseName(stmt, column));

    public static utf8z sqlite3_column_table_name(sqlite3_stmt stmt, int column) => utf8z.At(ColumnTableName(stmt, column));

    public static utf8z sqlite3_column_origin_name(sqlite3_stmt stmt, int column) => utf8z.At(ColumnOriginName(stmt, column));

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_text")]
    private static partial nint ColumnText(sqlite3_stmt stmt, int column);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_blob")]
    private static partial nint ColumnBlob(sqlite3_stmt stmt, int column);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_bytes")]
    private static partial int ColumnBytes(sqlite3_stmt stmt, int column);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_name")]
    private static partial nint ColumnName(sqlite3_stmt stmt, int column);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_decltype")]
    private static partial nint ColumnDecltype(sqlite3_stmt stmt, int column);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_database_name")]
    private static partial nint ColumnDatabaseName(sqlite3_stmt stmt, int column);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_table_name")]
    private static partial nint ColumnTableName(sqlite3_stmt stmt, int column);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_origin_name")]
    private static partial nint ColumnOriginName(sqlite3_stmt stmt, int column);
}
