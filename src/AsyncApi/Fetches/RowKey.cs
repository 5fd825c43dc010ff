namespace AsyncApi.Fetches;

/// <summary>
/// The primary key of a fetch's requests and results: the fetch's key and the row's number in it, in one 64-bit integer.
/// Rows of a fetch lie side by side, a new result is an append, and a range of keys is a range of numbers.
/// </summary>
internal static class RowKey
{
    private const int NumberBits = 24;

    /// <summary>The largest number that fits.</summary>
    public const int MaxNumber = (1 << NumberBits) - 1;

    public static long Of(long fetchKey, int number) => (fetchKey << NumberBits) | (uint)number;

    public static int NumberOf(long rowKey) => (int)(rowKey & MaxNumber);

    /// <summary>The last key that a row of this fetch can have.</summary>
    public static long LastOf(long fetchKey) => Of(fetchKey, MaxNumber);
}
