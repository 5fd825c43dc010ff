using System.Runtime.InteropServices;
using System.Text;

namespace SQLitePCL;

/// <content>What functions are given and what they give back.</content>
public static unsafe partial class raw
{
    public static int sqlite3_value_type(sqlite3_value value) => ValueType(value.Handle);

    public static long sqlite3_value_int64(sqlite3_value value) => ValueInt64(value.Handle);

    public static double sqlite3_value_double(sqlite3_value value) => ValueDouble(value.Handle);

    public static utf8z sqlite3_value_text(sqlite3_value value)
    {
        nint text = ValueText(value.Handle);
        return utf8z.At(text, ValueBytes(value.Handle));
    }

    public static ReadOnlySpan<byte> sqlite3_value_blob(sqlite3_value value)
    {
        nint bytes = ValueBlob(value.Handle);
        return new ReadOnlySpan<byte>((byte*)bytes, bytes == 0 ? 0 : ValueBytes(value.Handle));
    }

    public static void sqlite3_result_null(sqlite3_context context) => ResultNull(context.Handle);

    public static void sqlite3_result_int64(sqlite3_context context, long value) => ResultInt64(context.Handle, value);

    public static void sqlite3_result_double(sqlite3_context context, double value) => ResultDouble(context.Handle, value);

    public static void sqlite3_result_text(sqlite3_context context, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        byte none = 0;
        fixed (byte* text = bytes)
        {
            ResultText(context.Handle, text is null ? &none : text, bytes.Length, SQLITE_TRANSIENT);
        }
    }

    public static void sqlite3_result_blob(sqlite3_context context, ReadOnlySpan<byte> value)
    {
        byte none = 0;
        fixed (byte* bytes = value)
        {
            ResultBlob(context.Handle, bytes is null ? &none : bytes, value.Length, SQLITE_TRANSIENT);
        }
    }

    public static void sqlite3_result_error(sqlite3_context context, string message) => ResultError(context.Handle, message, -1);

    public static void sqlite3_result_error_code(sqlite3_context context, int code) => ResultErrorCode(context.Handle, code);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_value_type")]
    private static partial int ValueType(nint value);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_value_int64")]
    private static partial long ValueInt64(nint value);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_value_double")]
    private static partial double ValueDouble(nint value);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_value_text")]
    private static partial nint ValueText(nint value);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_value_blob")]
    private static partial nint ValueBlob(nint value);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_value_bytes")]
    private static partial int ValueBytes(nint value);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_result_null")]
    private static partial void ResultNull(nint context);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_result_int64")]
    private static partial void ResultInt64(nint context, long value);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_result_double")]
    private static partial void ResultDouble(nint context, double value);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_result_text")]
    private static partial void ResultText(nint context, byte* value, int length, nint destructor);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_result_blob")]
    private static partial void ResultBlob(nint context, byte* value, int length, nint destructor);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_result_error", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void ResultError(nint context, string message, int length);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_result_error_code")]
    private static partial void ResultErrorCode(nint context, int code);
}
