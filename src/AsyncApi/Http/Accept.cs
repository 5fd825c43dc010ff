using Microsoft.Net.Http.Headers;

namespace AsyncApi.Http;

/// <summary>Picks the representation to answer with (RFC 9110, 12.5.1).</summary>
internal static class Accept
{
    /// <summary>
    /// The offered media type that the client likes best; the first offered when it does not say; null when it accepts none, which is 406.
    /// Equal quality goes to the type that the client named more exactly, then to the earlier offer.
    /// </summary>
    public static string? Choose(HttpRequest request, params ReadOnlySpan<string> offered)
    {
        // Whatever is chosen, another client may get something else from the same address.
        if (offered.Length > 1)
            request.HttpContext.Response.Headers.Vary = HeaderNames.Accept;
        // A header that can't be read at all counts as absent: to refuse the request for it would help nobody.
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? ranges) || ranges.Count == 0)
            return offered[0];

        string? best = null;
        (double Quality, int Exactness) bestRank = default;
        foreach (string offer in offered)
        {
            (double Quality, int Exactness) rank = Rank(new MediaTypeHeaderValue(offer), ranges);
            if (rank.Quality > 0 && (best is null || rank.CompareTo(bestRank) > 0))
                (best, bestRank) = (offer, rank);
        }
        return best;
    }

    // The most exact range that matches decides, also when it says q=0.
    private static (double Quality, int Exactness) Rank(MediaTypeHeaderValue offer, IList<MediaTypeHeaderValue> ranges)
    {
        (double Quality, int Exactness) rank = (0, -1);
        foreach (MediaTypeHeaderValue range in ranges)
        {
            int exactness = range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
            bool matches = range.MatchesAllTypes
                || (offer.Type.Equals(range.Type, StringComparison.OrdinalIgnoreCase)
                    && (range.MatchesAllSubTypes || offer.SubType.Equals(range.SubType, StringComparison.OrdinalIgnoreCase)));
            if (matches && exactness > rank.Exactness)
                rank = (range.Quality ?? 1, exactness);
        }
        return rank;
    }
}
