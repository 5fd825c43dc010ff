namespace AsyncApi.Telemetry;

/// <summary>OpenTelemetry's exporter, which comes as a middleware, as something that a documented route can call.</summary>
internal sealed class MetricsScrape(IServiceProvider services)
{
    private readonly RequestDelegate _answer =
        new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true).Build();

    public Task AnswerAsync(HttpContext context) => _answer(context);
}
