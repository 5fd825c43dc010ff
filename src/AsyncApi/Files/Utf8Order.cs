using System.Text;

namespace AsyncApi.Files;

/// <summary>The order of the database, which compares the bytes of UTF-8: not that of .NET's strings, whose surrogates come too early.</summary>
internal static class Utf8Order
{
    public static int Compare(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
}
