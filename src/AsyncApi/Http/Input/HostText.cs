using System.Buffers;
using System.Globalization;

namespace AsyncApi.Http.Input;

/// <summary>A host as clients write it, <c>example.com</c> or <c>example.com:443</c>, in its normal form: IDN, lower case, IPv6 in brackets.</summary>
/// <param name="Name">The name or literal address.</param>
/// <param name="Port">Null when none was given.</param>
internal sealed record HostText(string Name, int? Port)
{
    private const int MaxLength = 300;

    private static readonly SearchValues<char> NeverInHosts = SearchValues.Create("/\\?#@ \t\r\n");

    /// <summary>Null when it is no host.</summary>
    public static HostText? Parse(string text)
    {
        // Through the same normal form as the URLs of requests. A path or user info would silently be dropped by it.
        if (text.Length > MaxLength || text.AsSpan().ContainsAny(NeverInHosts)
            || !Uri.TryCreate($"https://{text}", UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
        {
            return null;
        }

        string name = Fetching.HostKey.Of(uri).Name;
        bool hasPort = text.LastIndexOf(':') > text.LastIndexOf(']');
        return hasPort && uri.Port == 0 ? null : new HostText(name, hasPort ? uri.Port : null);
    }

    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{port}") : Name;
}
