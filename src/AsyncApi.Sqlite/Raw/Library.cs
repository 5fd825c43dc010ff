using System.Runtime.InteropServices;
using System.Text;

namespace SQLitePCL;

/// <summary>SQLite's interface, as far as Microsoft.Data.Sqlite and EF Core call it; one file for each part of it.</summary>
public static unsafe partial class raw
{
    internal const int SQLITE_OK = 0;
    internal const int SQLITE_ERROR = 1;
    internal const int SQLITE_NOMEM = 7;
    internal const int SQLITE_MISUSE = 21;
    internal const int SQLITE_ROW = 100;
    internal const int SQLITE_DONE = 101;
    internal const int SQLITE_UTF8 = 1;

    /// <summary>Tells SQLite to copy what it is given before the call returns.</summary>
    internal const nint SQLITE_TRANSIENT = -1;

    // Every handle comes out of this class, so this has run before any import anywhere in the assembly.
    static raw() => NativeLibrary.SetDllImportResolver(typeof(raw).Assembly, SqliteLibrary.Resolve);

    public static string GetNativeLibraryName() => SqliteLibrary.Name;

    public static utf8z sqlite3_libversion() => utf8z.At(Libversion());

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_libversion_number();

    public static utf8z sqlite3_errstr(int rc) => utf8z.At(Errstr(rc));

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_keyword_count();

    public static int sqlite3_keyword_name(int i, out string? name)
    {
        int rc = KeywordName(i, out byte* text, out int length);
        name = rc == SQLITE_OK ? Encoding.UTF8.GetString(text, length) : null;
        return rc;
    }

    /// <summary>Exists in SQLite on Windows only; elsewhere a misuse.</summary>
    public static int sqlite3_win32_set_directory(int type, string? path) =>
        OperatingSystem.IsWindows() ? SetDirectory((uint)type, path) : SQLITE_MISUSE;

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_libversion")]
    private static partial nint Libversion();

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_errstr")]
    private static partial nint Errstr(int rc);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_keyword_name")]
    private static partial int KeywordName(int i, out byte* name, out int length);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_win32_set_directory8", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetDirectory(uint type, string? path);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_free")]
    private static partial void Free(nint memory);
}
