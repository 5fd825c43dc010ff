using AsyncApi.Http;
using AsyncApi.Http.Docs;

namespace AsyncApi.Home;

internal static class HealthEndpoints
{
    private static readonly HealthReport Alive = new("ok", new Dictionary<string, HealthCheck>());

    private static readonly HealthReport Ready = new(
        "ok",
        new Dictionary<string, HealthCheck>
        {
            ["database"] = new("ok", "A commit takes 1 ms."),
            ["worker"] = new("ok", "3 jobs are running."),
            ["disk"] = new("ok", "51200 MiB are free."),
        });

    private static readonly HealthReport NotReady = HealthReport.Of(new Dictionary<string, HealthCheck>
    {
        ["database"] = HealthCheck.Of(ok: false, "A commit takes over 2 s."),
        ["worker"] = HealthCheck.Of(ok: true, "3 jobs are running."),
        ["disk"] = HealthCheck.Of(ok: true, "51200 MiB are free."),
    });

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder health = routes.MapGroup("/health").WithTags("Operating").WithQuietLog();
        health.MapGet("/live", () => TypedResults.Ok(Alive)).WithName("getLiveness")
            .WithSummary("Whether the process is alive")
            .WithAnswer<HealthReport>(200, "It is", example: Alive);
        health.MapGet("/ready", CheckAsync).WithName("getReadiness")
            .WithSummary("Whether the service can take work")
            .WithDescription("The database can be written, the workers run, the disk is above its floor.")
            .WithAnswer<HealthReport>(200, "It can", example: Ready)
            .WithAnswer<HealthReport>(503, "It cannot; the failing check says why", example: NotReady);
        return routes;
    }

    private static async Task<IResult> CheckAsync(Readiness readiness, CancellationToken token)
    {
        HealthReport report = await readiness.CheckAsync(token);
        return TypedResults.Json(report, statusCode: report.IsOk ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
