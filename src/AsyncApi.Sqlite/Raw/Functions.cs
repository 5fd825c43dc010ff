using System.Runtime.InteropServices;

namespace SQLitePCL;

public static unsafe partial class raw
{
    public static int sqlite3_create_function(sqlite3 db, string name, int arity, object? state, delegate_function_scalar? function) =>
        sqlite3_create_function(db, name, arity, 0, state, function);

    public static int sqlite3_create_function(
        sqlite3 db, string name, int arity, int flags, object? state, delegate_function_scalar? function) =>
        function is null
            ? CreateFunction(db, name, arity, SQLITE_UTF8 | flags, 0, null, null, null, null)
            : CreateFunction(
                db, name, arity, SQLITE_UTF8 | flags, Pin(new ScalarFunction(function, state)),
                &ScalarFunction.Call, null, null, &Unpin);

    public static int sqlite3_create_function(
        sqlite3 db, string name, int arity, object? state,
        delegate_function_aggregate_step? step, delegate_function_aggregate_final? final) =>
        sqlite3_create_function(db, name, arity, 0, state, step, final);

    public static int sqlite3_create_function(
        sqlite3 db, string name, int arity, int flags, object? state,
        delegate_function_aggregate_step? step, delegate_function_aggregate_final? final) =>
        step is null || final is null
            ? CreateFunction(db, name, arity, SQLITE_UTF8 | flags, 0, null, null, null, null)
            : CreateFunction(
                db, name, arity, SQLITE_UTF8 | flags, Pin(new AggregateFunction(step, final, state)),
                null, &AggregateFunction.Step, &AggregateFunction.Final, &Unpin);

    public static int sqlite3_create_collation(sqlite3 db, string name, object? state, strdelegate_collation? compare)
    {
        if (compare is null)
        {
            return CreateCollation(db, name, SQLITE_UTF8, 0, null, null);
        }

        nint target = Pin(new Collation(compare, state));
        int rc = CreateCollation(db, name, SQLITE_UTF8, target, &Collation.Compare, &Unpin);
        if (rc != SQLITE_OK)
        {
            // Unlike for functions, SQLite does not call the destructor when a collation is refused.
            GCHandle.FromIntPtr(target).Free();
        }

        return rc;
    }

    public static void sqlite3_rollback_hook(sqlite3 db, delegate_rollback? hook, object? state) => RollbackHook.Set(db, hook, state);

    /// <summary>Keeps a target alive for as long as SQLite holds its address.</summary>
    internal static nint Pin(object target) => GCHandle.ToIntPtr(GCHandle.Alloc(target));

    internal static T Target<T>(nint address)
        where T : class => (T)GCHandle.FromIntPtr(address).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Unpin(nint address) => GCHandle.FromIntPtr(address).Free();

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_create_function_v2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateFunction(
        sqlite3 db, string name, int arity, int flags, nint target,
        delegate* unmanaged[Cdecl]<nint, int, nint*, void> call,
        delegate* unmanaged[Cdecl]<nint, int, nint*, void> step,
        delegate* unmanaged[Cdecl]<nint, void> final,
        delegate* unmanaged[Cdecl]<nint, void> destroy);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_create_collation_v2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateCollation(
        sqlite3 db, string name, int encoding, nint target,
        delegate* unmanaged[Cdecl]<nint, int, byte*, int, byte*, int> compare,
        delegate* unmanaged[Cdecl]<nint, void> destroy);

    [LibraryImport(SqliteLibrary.Name)]
    internal static partial nint sqlite3_user_data(nint context);

    [LibraryImport(SqliteLibrary.Name)]
    internal static partial nint* sqlite3_aggregate_context(nint context, int bytes);
}
