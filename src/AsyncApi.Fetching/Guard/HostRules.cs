using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace AsyncApi.Fetching;

/// <summary>Judges the host of a URL as the resolver will see it: by its IDN form, without the dot of an absolute name.</summary>
internal static class HostRules
{
    private const int MaxNameLength = 253;
    private const int MaxLabelLength = 63;

    private static readonly UrlFault BadName = UrlRules.Invalid("The URL's host is not a valid name: labels of 1 to 63 letters, digits and hyphens.");
    private static readonly UrlFault NumericName = UrlRules.Invalid("The URL's host ends in a number but is no IPv4 address: use four numbers from 0 to 255.");

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly string[] LocalSuffixes = ["localhost", "local", "internal", "home.arpa", "localhost.localdomain"];

    public static UrlFault? FaultOf(Uri uri, AddressPolicy policy)
    {
        string host;
        try
        {
            host = uri.IdnHost;
        }
        catch (UriFormatException)
        {
            // Uri takes names that have no IDN form and throws only when asked for it.
            return BadName;
        }

        if (TryLiteral(host, out IPAddress? address))
            return policy.Allows(address, uri.Port) ? null : UrlFault.Blocked;

        ReadOnlySpan<char> name = WithoutRootDot(host);
        if (uri.HostNameType != UriHostNameType.Dns || !IsName(name))
            return BadName;
        if (IsNumeric(name[(name.LastIndexOf('.') + 1)..]))
            return NumericName;
        bool reachable = policy.AllowsSomewhere(uri.Port) && (policy.HasExceptions || !IsLocal(name));
        return reachable ? null : UrlFault.Blocked;
    }

    /// <summary>
    /// Whether the host is an address and no lookup may happen. Only the canonical spelling of IPv4 counts: the URL parser has turned
    /// the octal, hexadecimal and short ones into it, and what it left over must not be read in another way here.
    /// </summary>
    public static bool TryLiteral(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        ReadOnlySpan<char> name = WithoutRootDot(host);
        address = null;
        bool mayBe = name.Length > 0 && (name.Contains(':') || char.IsAsciiDigit(name[^1]));
        if (!mayBe || !IPAddress.TryParse(name, out address))
            return false;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return true;

        Span<char> canonical = stackalloc char[15];
        if (address.TryFormat(canonical, out int written) && name.SequenceEqual(canonical[..written]))
            return true;
        address = null;
        return false;
    }

    private static ReadOnlySpan<char> WithoutRootDot(string host) => host.EndsWith('.') ? host.AsSpan(0, host.Length - 1) : host;

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxNameLength)
            return false;
        foreach (Range range in name.Split('.'))
        {
            if (!IsLabel(name[range]))
                return false;
        }

        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> label) =>
        label.Length is >= 1 and <= MaxLabelLength
        && label[0] != '-' && label[^1] != '-'
        && !label.ContainsAnyExcept(NameCharacters);

    private static bool IsNumeric(ReadOnlySpan<char> label) =>
        !label.ContainsAnyExceptInRange('0', '9')
        || (label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && !label[2..].ContainsAnyExcept(HexDigits));

    private static bool IsLocal(ReadOnlySpan<char> name)
    {
        if (!name.Contains('.'))
            return true;
        foreach (string suffix in LocalSuffixes)
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && (name.Length == suffix.Length || name[^(suffix.Length + 1)] == '.'))
                return true;
        }

        return false;
    }
}
