namespace AsyncApi.Fetching;

/// <summary>What politeness counts by: scheme, name (IDN form, lower case, no trailing dot) and port.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Name">A DNS name, an IPv4 literal or an IPv6 literal in brackets.</param>
/// <param name="Port">1 to 65,535.</param>
public readonly record struct HostKey(string Scheme, string Name, int Port)
{
    /// <summary>The key of an absolute http or https URI.</summary>
    public static HostKey Of(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        string name = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return new HostKey(uri.Scheme, name.EndsWith('.') ? name[..^1] : name, uri.Port);
    }

    /// <summary><c>scheme://name:port</c>.</summary>
    public override string ToString() => $"{Scheme}://{Name}:{Port}";
}
