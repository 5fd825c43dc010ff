using AsyncApi.Http.Problems;
using Microsoft.Net.Http.Headers;

namespace AsyncApi.Http;

/// <summary>
/// Refuses, before any endpoint reads it, a body that would be misread: one with a content encoding (the framework would take it
/// for plain text) or in a charset other than UTF-8 (the framework would throw for some).
/// </summary>
internal sealed class BodyRefusals(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Other endpoints are the framework's own, for 404, 405 and 415: those answer better than we do.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
            return next(context);
        ProblemResult? problem = Encoding(context.Request)
            ?? (endpoint.Metadata.GetMetadata<AnyCharset>() is null ? Charset(context.Request) : null);
        return problem is null ? next(context) : problem.ExecuteAsync(context);
    }

    private static ProblemResult? Encoding(HttpRequest request)
    {
        foreach (string? value in request.Headers.ContentEncoding)
        {
            foreach (string coding in (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
                    return Problem.Of(ProblemTypes.UnsupportedMediaType, "The body must not have a Content-Encoding.");
            }
        }
        return null;
    }

    private static ProblemResult? Charset(HttpRequest request)
    {
        // An unreadable Content-Type is for the endpoint to refuse: it knows what it reads.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.Charset.HasValue)
            return null;
        string charset = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
        return charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)
            ? null
            : Problem.Of(ProblemTypes.UnsupportedMediaType, "The charset must be utf-8.");
    }
}

/// <summary>Marks endpoints that take the body as bytes and never decode it.</summary>
internal sealed class AnyCharset;

internal static class AnyCharsetExtensions
{
    /// <summary>Lets bodies of any charset through, since this endpoint stores or copies bytes.</summary>
    public static TBuilder AcceptsAnyCharset<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AnyCharset());
}
