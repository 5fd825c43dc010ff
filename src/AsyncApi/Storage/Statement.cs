namespace AsyncApi.Storage;

/// <summary>
/// One statement, compiled once for its connection and run many times. Parameters are <c>?1</c>, <c>?2</c> …, whichever database
/// runs it; every one is bound before each run, NULL by the method of its type. Columns count from 0. What is bound is copied at
/// once. Of one session's statements one at a time is read; a run that begins ends the reading of the one before.
/// </summary>
internal abstract class Statement
{
    public abstract void BindInt64(int index, long value);

    public abstract void BindInt64(int index, long? value);

    public abstract void BindDouble(int index, double? value);

    public abstract void BindBool(int index, bool? value);

    /// <summary>Empty is an empty text, not NULL; a lone surrogate becomes U+FFFD.</summary>
    public abstract void BindText(int index, string? value);

    /// <summary>Empty is an empty blob, not NULL.</summary>
    public abstract void BindBlob(int index, ReadOnlySpan<byte> value);

    public abstract void BindBlob(int index, byte[]? value);

    public abstract void BindGuid(int index, Guid? value);

    public void BindTime(int index, DateTimeOffset? value) => BindInt64(index, value?.ToUnixTimeMilliseconds());

    /// <summary>True when there is a row to read; false at the end. It has ended already when it returns, where the database is in the process.</summary>
    public abstract ValueTask<bool> StepAsync(CancellationToken token);

    /// <summary>Runs a statement that has one row, such as an insert with <c>returning</c>, and gives the number in its first column.</summary>
    public async ValueTask<long> ReadInt64Async(CancellationToken token)
    {
        await StepAsync(token);
        long number = ColumnInt64(0);
        await ResetAsync();
        return number;
    }

    /// <summary>Runs to the end and tells how many rows were changed.</summary>
    public abstract ValueTask<int> ExecuteAsync(CancellationToken token);

    /// <summary>Ends the reading; what is read no further needs it before the session does anything else.</summary>
    public abstract ValueTask ResetAsync();

    public abstract bool ColumnIsNull(int column);

    /// <summary>0 for NULL.</summary>
    public abstract long ColumnInt64(int column);

    /// <summary>0 for NULL.</summary>
    public abstract double ColumnDouble(int column);

    /// <summary>False for NULL.</summary>
    public abstract bool ColumnBool(int column);

    public abstract string? ColumnString(int column);

    /// <summary>The column's text as UTF-8; empty for NULL. Valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> ColumnTextSpan(int column);

    /// <summary>The column's bytes; empty for NULL. Valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> ColumnBlobSpan(int column);

    public abstract Guid ColumnGuid(int column);

    public DateTimeOffset? ColumnTime(int column) =>
        ColumnIsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(ColumnInt64(column));
}
