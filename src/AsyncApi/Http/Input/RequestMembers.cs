using System.Text;
using AsyncApi.Fetching;

namespace AsyncApi.Http.Input;

/// <summary>The members by which a client says what is to be sent. Each is null when it is absent or faulty.</summary>
internal static class RequestMembers
{
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>Null for GET, too.</summary>
    public static string? Method(this JsonObjectReader request)
    {
        string? method = request.String("method");
        if (method is not null && !MethodRules.IsAllowed(method))
        {
            request.Fault("method", MethodRules.Message);
        }

        return method == "GET" ? null : method;
    }

    /// <summary>Null when there are none, too.</summary>
    public static IReadOnlyDictionary<string, string>? Headers(this JsonObjectReader request)
    {
        IReadOnlyDictionary<string, string>? headers = request.StringMap("headers", HeaderRules.MaxCount);
        return headers is { Count: > 0 } && HeaderFaults.Add(request, "headers", headers) ? headers : null;
    }

    /// <summary>The text of <c>body</c> in UTF-8, or the bytes of <c>bodyBase64</c>.</summary>
    public static byte[]? Body(this JsonObjectReader request)
    {
        string? text = request.String("body", maxBytes: MaxBodyBytes);
        byte[]? bytes = request.Base64("bodyBase64", MaxBodyBytes);
        if (text is not null && bytes is not null)
        {
            request.Fault("bodyBase64", "must not stand beside body: a request has one body");
        }

        return bytes ?? (text is null ? null : Encoding.UTF8.GetBytes(text));
    }
}
