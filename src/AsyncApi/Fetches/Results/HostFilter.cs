using AsyncApi.Http.Input;

namespace AsyncApi.Fetches.Results;

/// <summary>The hosts of a name, on one port or on every port, of either scheme.</summary>
/// <param name="From">What the text of such a host, without its scheme, is not below.</param>
/// <param name="To">What it is not above.</param>
internal sealed record HostFilter(string From, string To)
{
    /// <summary>Reads <c>host</c>: <c>example.com</c> or <c>example.com:443</c>.</summary>
    public static HostFilter? Read(QueryReader query)
    {
        if (query.String("host") is not { } text)
            return null;
        if (HostText.Parse(text) is { } host)
            // Ports are digits, and a colon is what comes next after the nine.
            return host.Port is null ? new HostFilter($"{host.Name}:", $"{host.Name}::") : new HostFilter(host.ToString(), host.ToString());
        query.Fault("host", $"must be a host such as example.com or example.com:443, was {Quoted.Of(text)}");
        return null;
    }
}
