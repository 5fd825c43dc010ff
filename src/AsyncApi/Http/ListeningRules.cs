using System.Net;

namespace AsyncApi.Http;

/// <summary>Without keys the service listens on loopback alone, unless the operator says that anybody may come in.</summary>
internal static class ListeningRules
{
    public const string AllowAnonymous = "Auth:AllowAnonymous";

    /// <summary>Why the service must not start with these settings; null when it may.</summary>
    public static string? FaultOf(IConfiguration settings)
    {
        if (settings.GetValue<bool>(AllowAnonymous))
        {
            return null;
        }

        string? open = AddressesOf(settings).FirstOrDefault(address => !IsLoopback(address));
        return open is null
            ? null
            : $"The service would listen on {open} for anybody, and no key is configured. Listen on 127.0.0.1 (Urls), or allow it with {AllowAnonymous}=true.";
    }

    private static IEnumerable<string> AddressesOf(IConfiguration settings)
    {
        string[] endpoints = [.. settings.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>()];
        if (endpoints.Length > 0)
        {
            return endpoints;
        }

        if (settings["Urls"] is { Length: > 0 } urls)
        {
            return urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        // The framework's shorthand for "every address".
        string[] ports = [.. new[] { settings["HTTP_PORTS"], settings["HTTPS_PORTS"] }.OfType<string>().Where(port => port.Length > 0)];
        return ports.Select(port => $"http://*:{port}");
    }

    private static bool IsLoopback(string address)
    {
        if (address.StartsWith("http://unix:", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
        {
            return false;
        }

        return uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
    }
}
