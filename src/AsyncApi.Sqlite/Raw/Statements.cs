using System.Runtime.InteropServices;
using System.Text;

namespace SQLitePCL;

public static unsafe partial class raw
{
    public static int sqlite3_prepare_v2(sqlite3 db, string sql, out sqlite3_stmt stmt)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return sqlite3_prepare_v2(db, Encoding.UTF8.GetBytes(sql), out stmt, out _);
    }

    /// <summary>Compiles the first statement; <paramref name="tail"/> is what follows it.</summary>
    public static int sqlite3_prepare_v2(sqlite3 db, ReadOnlySpan<byte> sql, out sqlite3_stmt stmt, out ReadOnlySpan<byte> tail)
    {
        fixed (byte* text = sql)
        {
            int rc = PrepareV2(db, text, sql.Length, out nint handle, out byte* rest);
            stmt = new sqlite3_stmt(handle);
            tail = rest is null ? default : sql[(int)(rest - text)..];
            return rc;
        }
    }

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_step(sqlite3_stmt stmt);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_reset(sqlite3_stmt stmt);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_stmt_readonly(sqlite3_stmt stmt);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_stmt_isexplain(sqlite3_stmt stmt);

    [LibraryImport(SqliteLibrary.Name)]
    internal static partial int sqlite3_finalize(nint stmt);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_prepare_v2")]
    private static partial int PrepareV2(sqlite3 db, byte* sql, int length, out nint stmt, out byte* tail);
}
