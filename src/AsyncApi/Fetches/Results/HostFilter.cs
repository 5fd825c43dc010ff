using System.Buffers;
using System.Globalization;
using AsyncApi.Fetching;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches.Results;

/// <summary>The hosts of a name, on one port or on every port, of either scheme.</summary>
/// <param name="From">What the text of such a host, without its scheme, is not below.</param>
/// <param name="To">What it is not above.</param>
internal sealed record HostFilter(string From, string To)
{
    private const int MaxLength = 300;

    private static readonly SearchValues<char> NeverInHosts = SearchValues.Create("/\\?#@ \t");

    /// <summary>Reads <c>host</c>: <c>example.com</c> or <c>example.com:443</c>.</summary>
    public static HostFilter? Read(QueryReader query)
    {
        if (query.String("host", MaxLength) is not { } text)
            return null;
        if (Parse(text) is { } filter)
            return filter;
        query.Fault("host", $"must be a host such as example.com or example.com:443, was {Quoted.Of(text)}");
        return null;
    }

    private static HostFilter? Parse(string text)
    {
        // Through the same normal form as the hosts themselves. A path or user info would silently be dropped by it.
        if (text.AsSpan().ContainsAny(NeverInHosts) || !Uri.TryCreate($"https://{text}", UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
            return null;
        string name = HostKey.Of(uri).Name;
        if (text.LastIndexOf(':') > text.LastIndexOf(']'))
        {
            string host = string.Create(CultureInfo.InvariantCulture, $"{name}:{uri.Port}");
            return new HostFilter(host, host);
        }

        // Ports are digits, and a colon is what comes next after the nine.
        return new HostFilter($"{name}:", $"{name}::");
    }
}
