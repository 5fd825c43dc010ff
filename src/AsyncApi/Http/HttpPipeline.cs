using AsyncApi.Http.Problems;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AsyncApi.Http;

/// <summary>What stands in front of every feature, in the one order that works.</summary>
internal static class HttpPipeline
{
    public static IServiceCollection AddHttpPipeline(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(options => JsonDefaults.Apply(options.SerializerOptions));
        // Development would throw where Production answers 400: one behaviour for both.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        return services;
    }

    /// <summary>
    /// Request id, log, security headers, errors, routing, refusals. Authentication and rate limits come behind it, endpoints last.
    /// </summary>
    public static WebApplication UseHttpPipeline(this WebApplication app)
    {
        app.UseMiddleware<RequestId>();
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseProblems();
        app.UseRouting();
        app.UseMiddleware<EndpointSecurityPolicy>();
        app.UseMiddleware<BodyRefusals>();
        return app;
    }
}
