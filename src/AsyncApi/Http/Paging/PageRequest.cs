using System.Runtime.InteropServices;
using AsyncApi.Http.Input;

namespace AsyncApi.Http.Paging;

/// <summary>Which page a client wants.</summary>
/// <param name="Limit">At most this many items.</param>
/// <param name="After">Behind this place; null for the first page.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageRequest(int Limit, Cursor? After)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 1000;
    public const string LimitName = "limit";
    public const string CursorName = "cursor";

    /// <summary>Reads <c>limit</c> and <c>cursor</c>. A cursor of another kind of list is a fault like a broken one.</summary>
    public static PageRequest Read(QueryReader query, CursorKind kind)
    {
        int limit = query.Int32(LimitName, 1, MaxLimit) ?? DefaultLimit;
        if (query.String(CursorName) is not { } text)
            return new PageRequest(limit, null);
        if (Cursor.TryParse(text, kind, out Cursor after))
            return new PageRequest(limit, after);
        query.Fault(CursorName, $"is not a cursor of this list: {Quoted.Of(text)}");
        return new PageRequest(limit, null);
    }
}
