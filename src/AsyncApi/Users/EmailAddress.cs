using System.Buffers;
using System.Globalization;
using System.Text;

namespace AsyncApi.Users;

/// <summary>
/// What is taken for an e-mail address: something, one <c>@</c>, a host. Whether mail arrives only a mail can tell, so the many finer
/// rules would refuse more good addresses than bad ones.
/// </summary>
internal static class EmailAddress
{
    public const int MaxLength = 254;
    private const int MaxLocalLength = 64;

    private static readonly SearchValues<char> NotInHosts = SearchValues.Create(",;:<>()[]\\\"");

    /// <summary>The fault in words; null for an address.</summary>
    public static string? FaultOf(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        bool shaped = at is > 0 and <= MaxLocalLength && at < text.Length - 1 && text.IndexOf('@', at + 1) < 0
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format)
            && IsHost(text.AsSpan(at + 1));
        return shaped ? null : "must be an e-mail address such as ada@example.com";
    }

    /// <summary>The same for all spellings of one address: large and small letters, composed and decomposed ones.</summary>
    public static string KeyOf(string address) => address.Normalize(NormalizationForm.FormC).ToUpperInvariant();

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        foreach (Range label in host.Split('.'))
        {
            if (host[label] is [] or ['-', ..] or [.., '-'])
            {
                return false;
            }
        }

        return !host.ContainsAny(NotInHosts);
    }
}
