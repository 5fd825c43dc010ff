using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AsyncApi.Fetching;

/// <summary>
/// What a client may ask to be fetched. Judges text before anything is resolved: a literal address at once, a name only as far
/// as its spelling goes, since <see cref="GuardedConnector"/> judges what it resolves to. Never throws, whatever the text.
/// Names that can only be local (<c>localhost</c>, a single label, <c>.local</c>, <c>.internal</c>, <c>.home.arpa</c>) are blocked here
/// when the policy has no exception at all; where an operator made one they are judged by the addresses they resolve to. A port at
/// which the policy opens nothing at all is blocked here too.
/// </summary>
public static class UrlRules
{
    /// <summary>The longest URL that is taken, in characters.</summary>
    public const int MaxLength = 8192;

    private static readonly UrlFault TooLong = Invalid("The URL is too long: at most 8192 characters.");
    private static readonly UrlFault Blanks = Invalid("The URL begins or ends with a blank: remove it.");
    private static readonly UrlFault Scheme = Invalid("The URL must begin with http:// or https:// and a host.");
    private static readonly UrlFault Controls = Invalid("The URL holds a control or direction character: percent-encode it.");
    private static readonly UrlFault Backslash = Invalid("The URL holds a backslash: use / or %5C.");
    private static readonly UrlFault UserInfo = Invalid("The URL holds user information (name@): use an Authorization header.");
    private static readonly UrlFault Port = Invalid("The URL's port must be a number from 1 to 65535.");
    private static readonly UrlFault Unreadable = Invalid("The URL is malformed: use a form such as https://example.com/path.");

    // C0, DEL and C1; the direction marks, which the parser drops without a word; and the backslash, which it turns into a slash.
    private static readonly SearchValues<char> Refused = SearchValues.Create(string.Concat(
        Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Concat([0x200e, 0x200f, 0x61c])
            .Concat(Enumerable.Range(0x202a, 5)).Concat(Enumerable.Range(0x2066, 4)).Append('\\').Select(code => (char)code)));

    /// <summary>
    /// Reads a client's URL. On true, <paramref name="uri"/> is an absolute http or https URI without user info or fragment; on false
    /// <paramref name="fault"/> is <see cref="UrlFaultKind.InvalidUrl"/> or <see cref="UrlFaultKind.Blocked"/>.
    /// </summary>
    public static bool TryParse(string? text, AddressPolicy policy, [NotNullWhen(true)] out Uri? uri, out UrlFault fault)
    {
        ArgumentNullException.ThrowIfNull(policy);
        uri = null;
        UrlFault? found = FaultOfText(text);
        if (found is null)
        {
            int fragment = text!.IndexOf('#');
            if (!Uri.TryCreate(fragment < 0 ? text : text[..fragment], UriKind.Absolute, out uri) || !IsHttp(uri))
                found = Unreadable;
            else if (uri.UserInfo.Length > 0)
                found = UserInfo;
            else if (uri.Port is < 1 or > 65535)
                found = Port;
            else
                found = HostRules.FaultOf(uri, policy);
        }

        fault = found.GetValueOrDefault();
        if (found is not null)
            uri = null;
        return found is null;
    }

    internal static UrlFault Invalid(string message) => new(UrlFaultKind.InvalidUrl, message);

    private static UrlFault? FaultOfText(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Scheme;
        if (text.Length > MaxLength)
            return TooLong;
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
            return Blanks;
        int bad = text.AsSpan().IndexOfAny(Refused);
        if (bad >= 0)
            return text[bad] == '\\' ? Backslash : Controls;
        int start = SchemeLength(text);
        if (start == 0)
            return Scheme;

        ReadOnlySpan<char> authority = text.AsSpan(start);
        int end = authority.IndexOfAny('/', '?', '#');
        if (end >= 0)
            authority = authority[..end];
        if (authority.IsEmpty)
            return Scheme;
        if (authority.Contains('@'))
            return UserInfo;
        foreach (char c in authority)
        {
            // Invisible characters: the parser drops some, IDN mapping others, and a reader sees none of them.
            if (c > 0x7f && char.GetUnicodeCategory(c) == UnicodeCategory.Format)
                return Controls;
        }

        return null;
    }

    private static int SchemeLength(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
        : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
        : 0;

    private static bool IsHttp(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;
}
