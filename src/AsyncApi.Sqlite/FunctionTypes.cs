namespace SQLitePCL;

/// <summary>Computes one value out of its arguments.</summary>
public delegate void delegate_function_scalar(sqlite3_context ctx, object? user_data, sqlite3_value[] args);

/// <summary>Takes one row into an aggregate.</summary>
public delegate void delegate_function_aggregate_step(sqlite3_context ctx, object? user_data, sqlite3_value[] args);

/// <summary>Gives an aggregate's value; called also when there was no row.</summary>
public delegate void delegate_function_aggregate_final(sqlite3_context ctx, object? user_data);

/// <summary>Compares two texts. It must not throw: SQLite has no way to hear of it, so the process would end.</summary>
public delegate int strdelegate_collation(object? user_data, string s1, string s2);

/// <summary>Hears of a rollback.</summary>
public delegate void delegate_rollback(object? user_data);

/// <summary>Where a function leaves its result; valid during the call only.</summary>
public sealed class sqlite3_context
{
    /// <summary>What an aggregate keeps from row to row.</summary>
#pragma warning disable CA1051 // Microsoft.Data.Sqlite reads and writes it as a field.
    public object? state;
#pragma warning restore CA1051

    internal nint Handle { get; set; }
}

/// <summary>An argument of a function; valid during the call only.</summary>
public sealed class sqlite3_value
{
    internal sqlite3_value(nint handle) => Handle = handle;

    internal nint Handle { get; }
}
