using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace AsyncApi.Fetching.Sending;

/// <summary>One leg of an attempt: the request itself, or what a redirect made of it. A value: each attempt has one.</summary>
internal readonly record struct Hop(Uri Url, HttpMethod Method, ReadOnlyMemory<byte> Body, bool KeepsHeaders, bool IsFirst)
{
    private bool IsSafe => Method == HttpMethod.Get || Method == HttpMethod.Head || Method == HttpMethod.Options;

    public static Hop First(FetchRequest request) => new(request.Url, request.Method, request.Body, KeepsHeaders: true, IsFirst: true);

    /// <summary>True for the five statuses that redirect, with a <c>Location</c>; a 3xx without one is an answer.</summary>
    public static bool IsRedirect(HttpResponseMessage response, [NotNullWhen(true)] out string? location)
    {
        location = null;
        if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308
            && response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values))
        {
            location = values.ToString();
        }

        return location is not null;
    }

    /// <summary>The next leg, judged by the whole guard; what the client gave goes along on the same origin alone.</summary>
    public bool TryFollow(int status, string location, AddressPolicy policy, out Hop next, out UrlFault fault)
    {
        next = default;
        if (!RedirectRules.TryFollow(Url, location, policy, out Uri? url, out fault))
        {
            return false;
        }

        bool sameOrigin = HostKey.Of(url) == HostKey.Of(Url);
        bool becomesGet = (status == 303 && Method != HttpMethod.Head) || (status is 301 or 302 && Method == HttpMethod.Post);
        if (!becomesGet && !sameOrigin && !(IsSafe && Body.IsEmpty))
        {
            fault = new UrlFault(UrlFaultKind.Protocol, $"A redirect ({status}) asked to send the {Method} to another origin.");
            return false;
        }

        next = new Hop(url, becomesGet ? HttpMethod.Get : Method, becomesGet ? default : Body, KeepsHeaders && sameOrigin, IsFirst: false);
        return true;
    }
}
