using System.Diagnostics.CodeAnalysis;

namespace AsyncApi.Fetching;

/// <summary>Where a redirect may lead: each hop goes through <see cref="UrlRules"/> again, and never down to plain http. Never throws.</summary>
public static class RedirectRules
{
    private static readonly UrlFault Unreadable = new(UrlFaultKind.Protocol, "The server's redirect has no Location that can be followed.");

    /// <summary>
    /// Reads the <c>Location</c> of a redirect against the URI that sent it, by the same rules. A scheme other than http and https, and a
    /// fall from https to http, is <see cref="UrlFaultKind.Blocked"/>; what can't be read is <see cref="UrlFaultKind.Protocol"/>.
    /// </summary>
    public static bool TryFollow(Uri current, string? location, AddressPolicy policy, [NotNullWhen(true)] out Uri? next, out UrlFault fault)
    {
        ArgumentNullException.ThrowIfNull(current);
        next = null;
        fault = Unreadable;
        if (string.IsNullOrWhiteSpace(location) || location.Length > UrlRules.MaxLength)
            return false;

        if (HasForeignScheme(location))
        {
            fault = UrlFault.Blocked;
            return false;
        }

        // Joined as text (RFC 3986, 5.2), so that nothing escapes the rules for whole URLs: Uri reads "/etc/passwd" as a file on Linux.
        if (!UrlRules.TryParse(Join(current, location), policy, out next, out fault))
        {
            if (fault.Kind == UrlFaultKind.InvalidUrl)
                fault = Unreadable;
            return false;
        }

        if (current.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
        {
            next = null;
            fault = UrlFault.Blocked;
        }

        return next is not null;
    }

    private static bool HasForeignScheme(string location)
    {
        int colon = location.IndexOf(':');
        if (colon <= 0 || !char.IsAsciiLetter(location[0]))
            return false;
        ReadOnlySpan<char> scheme = location.AsSpan(0, colon);
        return !scheme.ContainsAny('/', '?', '#')
            && !scheme.Equals("http", StringComparison.OrdinalIgnoreCase)
            && !scheme.Equals("https", StringComparison.OrdinalIgnoreCase);
    }

    private static string Join(Uri current, string location)
    {
        if (IsAbsolute(location))
            return location;
        if (location.StartsWith("//", StringComparison.Ordinal))
            return $"{current.Scheme}:{location}";

        string authority = current.GetLeftPart(UriPartial.Authority);
        string path = current.AbsolutePath;
        return location[0] switch
        {
            '/' => authority + location,
            '?' => authority + path + location,
            '#' => authority + current.PathAndQuery,
            _ => string.Concat(authority, path.AsSpan(0, path.LastIndexOf('/') + 1), location),
        };
    }

    private static bool IsAbsolute(string location) =>
        location.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || location.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
}
