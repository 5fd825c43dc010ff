using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace SQLitePCL;

public static unsafe partial class raw
{
    private const int StackBytes = 512;

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_bind_parameter_count(sqlite3_stmt stmt);

    [LibraryImport(SqliteLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sqlite3_bind_parameter_index(sqlite3_stmt stmt, string name);

    public static utf8z sqlite3_bind_parameter_name(sqlite3_stmt stmt, int index) => utf8z.At(BindParameterName(stmt, index));

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_bind_null(sqlite3_stmt stmt, int index);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_bind_int64(sqlite3_stmt stmt, int index, long value);

    [LibraryImport(SqliteLibrary.Name)]
    public static partial int sqlite3_bind_double(sqlite3_stmt stmt, int index, double value);

    public static int sqlite3_bind_text(sqlite3_stmt stmt, int index, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        byte[]? rented = most > StackBytes ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> buffer = rented ?? stackalloc byte[StackBytes];
        int length = Encoding.UTF8.GetBytes(value, buffer);
        fixed (byte* text = buffer)
        {
            int rc = BindText(stmt, index, text, length, SQLITE_TRANSIENT);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }

            return rc;
        }
    }

    public static int sqlite3_bind_blob(sqlite3_stmt stmt, int index, ReadOnlySpan<byte> value)
    {
        // A null pointer would bind NULL; an empty blob is a value.
        byte none = 0;
        fixed (byte* bytes = value)
        {
            return BindBlob(stmt, index, bytes is null ? &none : bytes, value.Length, SQLITE_TRANSIENT);
        }
    }

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_bind_parameter_name")]
    private static partial nint BindParameterName(sqlite3_stmt stmt, int index);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_bind_text")]
    private static partial int BindText(sqlite3_stmt stmt, int index, byte* value, int length, nint destructor);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_bind_blob")]
    private static partial int BindBlob(sqlite3_stmt stmt, int index, byte* value, int length, nint destructor);
}
