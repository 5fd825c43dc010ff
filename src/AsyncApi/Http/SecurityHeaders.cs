namespace AsyncApi.Http;

/// <summary>Puts the headers on every answer, errors included. What a handler set itself stays.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            Apply((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    private static void Apply(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.TryAdd("Content-Security-Policy", ContentSecurityPolicy.Api);
        headers.TryAdd("Cache-Control", "no-store");
    }
}

/// <summary>Behind routing: puts the endpoint's own policy on its answers. An exception takes it off again, since a problem is no page.</summary>
internal sealed class EndpointSecurityPolicy(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ContentSecurityPolicy>() is { } policy)
            context.Response.Headers.ContentSecurityPolicy = policy.Value;
        return next(context);
    }
}

/// <summary>The policy of one endpoint's answers, in place of <see cref="Api"/>.</summary>
internal sealed record ContentSecurityPolicy(string Value)
{
    /// <summary>Nothing may run, load or frame: right for JSON and for plain pages.</summary>
    public const string Api = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Own scripts, styles, images and calls, nothing inline and nothing foreign: right for pages that are programs.</summary>
    public const string OwnPages =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
}

internal static class ContentSecurityPolicyExtensions
{
    public static TBuilder WithContentSecurityPolicy<TBuilder>(this TBuilder builder, string policy) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ContentSecurityPolicy(policy));
}
