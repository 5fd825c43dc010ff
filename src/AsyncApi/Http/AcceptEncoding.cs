using Microsoft.Net.Http.Headers;

namespace AsyncApi.Http;

/// <summary>Reads <c>Accept-Encoding</c> (RFC 9110, 12.5.3).</summary>
internal static class AcceptEncoding
{
    private const string Identity = "identity";

    /// <summary>How much the client likes a content coding, from 0 for not at all to 1. Without a header only <c>identity</c> is liked.</summary>
    public static double Quality(HttpRequest request, string coding)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? liked))
        {
            liked = [];
        }

        double? any = null;
        foreach (StringWithQualityHeaderValue value in liked)
        {
            if (value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase))
            {
                return value.Quality ?? 1;
            }

            any = value.Value == "*" ? value.Quality ?? 1 : any;
        }

        // Never refused unless it is named, but liked less than anything that is.
        return coding == Identity ? any ?? double.Epsilon : any ?? 0;
    }
}
