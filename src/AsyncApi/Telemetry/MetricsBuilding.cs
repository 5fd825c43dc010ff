using System.Diagnostics.Metrics;
using AsyncApi.Http;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AsyncApi.Telemetry;

/// <summary>OpenTelemetry over the meters and activity sources of the service, the web server and the runtime.</summary>
internal static class MetricsBuilding
{
    /// <summary>Metrics for who asks for them; metrics and traces to an OTLP endpoint where one is configured, else no traces.</summary>
    public static void AddMetricsAndTraces(this IHostApplicationBuilder builder)
    {
        IConfiguration configuration = builder.Configuration;
        bool sends = OtlpEndpoint.IsSet(configuration);
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, sends))
            .WithMetrics(static metrics => metrics.AddMeter(MetricViews.Meters)
                // The meter's name is said by each figure's own.
                .AddPrometheusExporter(static options => options.ScopeInfoEnabled = false));
        builder.Services.ConfigureOpenTelemetryMeterProvider(static (services, metrics) =>
        {
            IMeterFactory own = services.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => MetricViews.Of(instrument, own));
        });
        builder.Services.AddSingleton<MetricsScrape>();
        if (sends)
        {
            telemetry
                .WithMetrics(metrics => metrics.AddOtlpExporter(options => OtlpEndpoint.Configure(options, configuration)))
                .WithTracing(traces => traces.AddSource(nameof(AsyncApi))
                    .AddAspNetCoreInstrumentation(Configure)
                    .AddOtlpExporter(options => OtlpEndpoint.Configure(options, configuration)));
        }
    }

    // ASP.NET Core's own spans have neither the route nor the status.
    private static void Configure(AspNetCoreTraceInstrumentationOptions options)
    {
        options.Filter = static context => !IsNoise(context.Request.Path);
        options.EnrichWithHttpResponse = static (span, response) => span.SetTag("asyncapi.request.id", response.HttpContext.GetRequestId());
    }

    private static bool IsNoise(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase);

    // The variables come last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win. A collector has to tell processes apart;
    // Prometheus knows whom it asked, and each start would be a series of its own.
    private static void Describe(ResourceBuilder resource, bool sends) => resource
        .AddService(nameof(AsyncApi), serviceVersion: typeof(MetricsBuilding).Assembly.GetName().Version?.ToString(3), autoGenerateServiceInstanceId: sends)
        .AddEnvironmentVariableDetector();
}
