using System.Net.Mime;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Problems;

namespace AsyncApi.Home;

internal static class HomeEndpoints
{
    private static readonly Greeting Hello = new(
        "Hello World",
        new Dictionary<string, string>
        {
            ["fetches"] = "/fetches",
            ["jobs"] = "/jobs",
            ["schedules"] = "/schedules",
            ["hosts"] = "/hosts",
            ["files"] = "/files/",
            ["items"] = "/items",
            ["users"] = "/users",
            ["patterns"] = "/patterns",
            ["health"] = "/health/ready",
            ["problems"] = "/problems",
            ["docs"] = "/swagger",
        });

    public static IEndpointRouteBuilder MapHome(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Greet).WithName("getHome").WithTags("Home")
            .WithSummary("Say hello, and where to go on")
            .WithDescription("The dashboard for people, JSON for programs, a line of text for `Accept: text/plain`.")
            .WithContentSecurityPolicy(ContentSecurityPolicy.OwnPages)
            .WithAnswer<Greeting>(200, "A greeting", MediaTypeNames.Application.Json, Hello)
            .WithAnswer<string>(200, "A greeting", MediaTypeNames.Text.Plain, "Hello, world")
            .WithAnswer<string>(200, "A greeting", MediaTypeNames.Text.Html, "<!doctype html>…")
            .ProducesProblems(ProblemTypes.NotAcceptable);
        return routes.MapDashboard();
    }

    private static IResult Greet(HttpContext context, DashboardFiles dashboard)
    {
        string[] offered = [MediaTypeNames.Application.Json, MediaTypeNames.Text.Html, MediaTypeNames.Text.Plain];
        return Accept.Choose(context.Request, offered) switch
        {
            MediaTypeNames.Text.Html => DashboardEndpoints.Send(context.Response, dashboard.Page),
            MediaTypeNames.Text.Plain => TypedResults.Text("Hello, world"),
            MediaTypeNames.Application.Json => TypedResults.Ok(Hello),
            _ => Problem.NotAcceptable(offered),
        };
    }

    private sealed record Greeting(string Message, IReadOnlyDictionary<string, string> Links);
}
