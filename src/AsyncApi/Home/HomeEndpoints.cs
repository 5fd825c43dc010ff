using System.Net.Mime;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Problems;

namespace AsyncApi.Home;

internal static class HomeEndpoints
{
    private const string Page = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>AsyncApi</title><link rel="icon" href="data:,"></head>
        <body>
        <h1>AsyncApi</h1>
        <p>Hand it a batch of HTTP requests, and watch the results arrive.</p>
        <ul>
        <li><a href="/swagger">Try it in Swagger UI</a></li>
        <li><a href="/fetches">Fetches</a></li>
        <li><a href="/jobs">Jobs</a></li>
        <li><a href="/schedules">Schedules</a></li>
        <li><a href="/hosts">Hosts</a></li>
        <li><a href="/files/">Files</a></li>
        <li><a href="/items">Items</a></li>
        <li><a href="/users">Users</a></li>
        <li><a href="/patterns">Patterns of asyncio, in C#</a></li>
        <li><a href="/problems">Problems, and what to do about them</a></li>
        <li><a href="/health/ready">Health</a></li>
        </ul>
        </body>
        </html>
        """;

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
            .WithDescription("A page for people, JSON for programs, a line of text for `Accept: text/plain`.")
            .WithContentSecurityPolicy(ContentSecurityPolicy.OwnPages)
            .WithAnswer<Greeting>(200, "A greeting", MediaTypeNames.Application.Json, Hello)
            .WithAnswer<string>(200, "A greeting", MediaTypeNames.Text.Plain, "Hello, world")
            .WithAnswer<string>(200, "A greeting", MediaTypeNames.Text.Html, "<!doctype html>…")
            .ProducesProblems(ProblemTypes.NotAcceptable);
        return routes;
    }

    private static IResult Greet(HttpRequest request)
    {
        string[] offered = [MediaTypeNames.Application.Json, MediaTypeNames.Text.Html, MediaTypeNames.Text.Plain];
        return Accept.Choose(request, offered) switch
        {
            MediaTypeNames.Text.Html => TypedResults.Text(Page, MediaTypeNames.Text.Html, System.Text.Encoding.UTF8),
            MediaTypeNames.Text.Plain => TypedResults.Text("Hello, world"),
            MediaTypeNames.Application.Json => TypedResults.Ok(Hello),
            _ => Problem.NotAcceptable(offered),
        };
    }

    private sealed record Greeting(string Message, IReadOnlyDictionary<string, string> Links);
}
