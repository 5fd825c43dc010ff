using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SQLitePCL;

internal sealed unsafe class ScalarFunction(delegate_function_scalar function, object? state)
{
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [SuppressMessage("Design", "CA1031", Justification = "An exception must not cross SQLite's frames; the statement fails with it.")]
    internal static void Call(nint context, int count, nint* values)
    {
        var target = raw.Target<ScalarFunction>(raw.sqlite3_user_data(context));
        var wrapper = new sqlite3_context { Handle = context };
        try
        {
            target.Invoke(wrapper, Arguments(count, values));
        }
        catch (Exception e)
        {
            raw.sqlite3_result_error(wrapper, e.Message);
        }
    }

    internal static sqlite3_value[] Arguments(int count, nint* values)
    {
        var arguments = new sqlite3_value[count];
        for (int i = 0; i < count; i++)
        {
            arguments[i] = new sqlite3_value(values[i]);
        }

        return arguments;
    }

    private void Invoke(sqlite3_context context, sqlite3_value[] arguments) => function(context, state, arguments);
}

internal sealed unsafe class AggregateFunction(
    delegate_function_aggregate_step step, delegate_function_aggregate_final final, object? state)
{
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [SuppressMessage("Design", "CA1031", Justification = "An exception must not cross SQLite's frames; the statement fails with it.")]
    internal static void Step(nint context, int count, nint* values)
    {
        var target = raw.Target<AggregateFunction>(raw.sqlite3_user_data(context));

        // SQLite gives every run of the aggregate some zeroed bytes of its own: the place of the managed state.
        nint* slot = raw.sqlite3_aggregate_context(context, sizeof(nint));
        if (slot is null)
        {
            raw.sqlite3_result_error_code(new sqlite3_context { Handle = context }, raw.SQLITE_NOMEM);
            return;
        }

        if (*slot == 0)
        {
            *slot = raw.Pin(new sqlite3_context());
        }

        var wrapper = raw.Target<sqlite3_context>(*slot);
        wrapper.Handle = context;
        try
        {
            target.InvokeStep(wrapper, ScalarFunction.Arguments(count, values));
        }
        catch (Exception e)
        {
            raw.sqlite3_result_error(wrapper, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [SuppressMessage("Design", "CA1031", Justification = "An exception must not cross SQLite's frames; the statement fails with it.")]
    internal static void Final(nint context)
    {
        var target = raw.Target<AggregateFunction>(raw.sqlite3_user_data(context));
        nint* slot = raw.sqlite3_aggregate_context(context, 0);
        sqlite3_context wrapper = slot is null || *slot == 0 ? new sqlite3_context() : raw.Target<sqlite3_context>(*slot);
        wrapper.Handle = context;
        try
        {
            target.InvokeFinal(wrapper);
        }
        catch (Exception e)
        {
            raw.sqlite3_result_error(wrapper, e.Message);
        }

        if (slot is not null && *slot != 0)
        {
            GCHandle.FromIntPtr(*slot).Free();
            *slot = 0;
        }
    }

    private void InvokeStep(sqlite3_context context, sqlite3_value[] arguments) => step(context, state, arguments);

    private void InvokeFinal(sqlite3_context context) => final(context, state);
}

internal sealed unsafe class Collation(strdelegate_collation compare, object? state)
{
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int Compare(nint target, int leftLength, byte* left, int rightLength, byte* right) =>
        raw.Target<Collation>(target).Invoke(Encoding.UTF8.GetString(left, leftLength), Encoding.UTF8.GetString(right, rightLength));

    private int Invoke(string left, string right) => compare(state, left, right);
}

internal sealed unsafe partial class RollbackHook(delegate_rollback hook, object? state)
{
    internal static void Set(sqlite3 db, delegate_rollback? hook, object? state)
    {
        bool added = false;
        try
        {
            db.DangerousAddRef(ref added);
            Replace(db.DangerousGetHandle(), hook is null ? 0 : raw.Pin(new RollbackHook(hook, state)));
        }
        finally
        {
            if (added)
            {
                db.DangerousRelease();
            }
        }
    }

    internal static void Remove(nint db) => Replace(db, 0);

    private static void Replace(nint db, nint target)
    {
        nint previous = Native(db, target == 0 ? null : &Call, target);
        if (previous != 0)
        {
            GCHandle.FromIntPtr(previous).Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Call(nint target) => raw.Target<RollbackHook>(target).Invoke();

    private void Invoke() => hook(state);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_rollback_hook")]
    private static partial nint Native(nint db, delegate* unmanaged[Cdecl]<nint, void> call, nint target);
}
