namespace AsyncApi.Fetching;

/// <summary>The methods that a client may use, in exactly this spelling.</summary>
public static class MethodRules
{
    /// <summary>What is wrong with a refused method and what would be right.</summary>
    public const string Message = "The method must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, in upper case.";

    /// <summary>Whether the method may be sent.</summary>
    public static bool IsAllowed(string? method) => method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS";

    /// <summary>Whether sending the request twice does what sending it once does (RFC 9110, 9.2.2).</summary>
    internal static bool IsIdempotent(HttpMethod method) => method != HttpMethod.Post && method != HttpMethod.Patch;
}
