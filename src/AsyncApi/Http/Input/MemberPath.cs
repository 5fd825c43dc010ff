using System.Buffers;

namespace AsyncApi.Http.Input;

/// <summary>Builds <c>requests[3].url</c>; a name that is no plain word stands quoted: <c>headers["X Y"]</c>.</summary>
internal static class MemberPath
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    public static string Of(string parent, string name)
    {
        if (name.Length is 0 or > Quoted.MaxLength || name.AsSpan().ContainsAnyExcept(Plain))
            return $"{parent}[{Quoted.Of(name)}]";
        return parent.Length == 0 ? name : $"{parent}.{name}";
    }
}
