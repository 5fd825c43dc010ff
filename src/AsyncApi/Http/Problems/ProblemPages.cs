using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using AsyncApi.Http.Docs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AsyncApi.Http.Problems;

/// <summary>The pages behind each problem's <c>type</c>.</summary>
internal static class ProblemPages
{
    private const string Html = "text/html";
    private const string Json = "application/json";

    public static IEndpointRouteBuilder MapProblemPages(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/problems").WithTags("Problems").AllowAnonymous();
        group.MapGet("", Index).WithName("listProblems").WithSummary("All problem types")
            .WithDescription("Every `type` that an error answer of this service can have. HTML or JSON by `Accept`.")
            .WithAnswer<IReadOnlyList<ProblemType>>(200, "The problem types", Json, (ProblemType[])[ProblemTypes.Validation, ProblemTypes.NotFound])
            .WithAnswer<string>(200, "The problem types", Html, "<!doctype html>…")
            .ProducesProblems(ProblemTypes.NotAcceptable);
        group.MapGet("/{slug}", Page).WithName("getProblem").WithSummary("One problem type")
            .WithDescription("What a problem's `type` points to: what happened and what to do. HTML or JSON by `Accept`.")
            .WithPath<string>("slug", "The last part of a problem's `type`", ProblemTypes.Validation.Slug)
            .WithAnswer<ProblemType>(200, "The problem type", Json, ProblemTypes.Validation)
            .WithAnswer<string>(200, "The problem type", Html, "<!doctype html>…")
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.NotAcceptable);
        return routes;
    }

    private static IResult Index(HttpRequest request) => Accept.Choose(request, Html, Json) switch
    {
        Json => TypedResults.Json(ProblemTypes.All, JsonDefaults.Options),
        Html => Document("Problems", string.Concat(ProblemTypes.All.Select(Row)), "<table>", "</table>"),
        _ => Problem.NotAcceptable([Html, Json]),
    };

    private static IResult Page(string slug, HttpRequest request)
    {
        if (ProblemTypes.Find(slug) is not { } type)
            return Problem.NotFound();
        return Accept.Choose(request, Html, Json) switch
        {
            Json => TypedResults.Json(type, JsonDefaults.Options),
            Html => Document(type.Title, $"<p>{Encode(type.Explanation)}</p><h2>What to do</h2><p>{Encode(type.Remedy)}</p>",
                $"<p><code>{type.Slug}</code>, status {type.Status.ToString(CultureInfo.InvariantCulture)}</p>",
                "<p><a href=\"/problems\">All problems</a></p>"),
            _ => Problem.NotAcceptable([Html, Json]),
        };
    }

    private static string Row(ProblemType type) => string.Create(CultureInfo.InvariantCulture,
        $"<tr><td>{type.Status}</td><td><a href=\"{type.Uri}\">{type.Slug}</a></td><td>{Encode(type.Title)}</td></tr>");

    private static ContentHttpResult Document(string title, string body, string before, string after) => TypedResults.Text(
        $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Encode(title)} - AsyncApi</title>"
        + $"<meta name=\"viewport\" content=\"width=device-width\"></head><body><h1>{Encode(title)}</h1>{before}{body}{after}</body></html>\n",
        Html, Encoding.UTF8);

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
