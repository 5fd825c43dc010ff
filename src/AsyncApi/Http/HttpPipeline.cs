using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AsyncApi.Http;

/// <summary>What stands in front of every feature, in the one order that works.</summary>
internal static class HttpPipeline
{
    public static IServiceCollection AddHttpPipeline(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        // The host puts its filter of host names in front of everything, where a refusal is a page of HTML. Ours stands behind the
        // middleware that makes problems.
        foreach (ServiceDescriptor filter in services.Where(IsHostFilter).ToArray())
        {
            services.Remove(filter);
        }

        services.Configure<HostFilteringOptions>(options => options.IncludeFailureMessage = false);
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
        app.UseMiddleware<HeadRequests>();
        app.UseProblems();
        app.UseHostFiltering();
        app.UseRouting();
        app.UseMiddleware<EndpointSecurityPolicy>();
        app.UseMiddleware<BodyRefusals>();
        return app;
    }

    private static bool IsHostFilter(ServiceDescriptor service) =>
        service.ServiceType == typeof(IStartupFilter) && service.ImplementationType?.Name == "HostFilteringStartupFilter";
}
