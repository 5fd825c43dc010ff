using System.Net.Mime;
using AsyncApi.Http;
using AsyncApi.Http.Docs;

namespace AsyncApi.Telemetry;

internal static class MetricsEndpoints
{
    private const string Example = """
        # TYPE asyncapi_fetches_results_total counter
        # HELP asyncapi_fetches_results_total Results that were stored, by outcome and reason
        asyncapi_fetches_results_total{outcome="succeeded",reason="none"} 19997
        asyncapi_fetches_results_total{outcome="failed",reason="timeout"} 3
        """;

    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/metrics", ScrapeAsync).WithName("getMetrics").WithTags("Operating").WithQuietLog().DisableHttpMetrics()
            .WithSummary("What Prometheus scrapes")
            .WithDescription(
                "Figures of the service, of the web server and of the runtime since the start of this process, in Prometheus' text format; "
                + "as OpenMetrics for `Accept: application/openmetrics-text`. An answer may be up to 300 ms old.")
            .WithAnswer<string>(200, "The figures", MediaTypeNames.Text.Plain, Example);
        return routes;
    }

    private static Task ScrapeAsync(HttpContext context, MetricsScrape scrape) => scrape.AnswerAsync(context);
}
