using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace AsyncApi.Home;

/// <summary>What the first page loads.</summary>
internal static class DashboardEndpoints
{
    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dashboard/{**path}", Get).WithName("getDashboardFile").WithTags("Home")
            .WithSummary("Get a part of the dashboard")
            .WithDescription("The page itself is `/`. Each part has an `ETag`, and is to be asked for again each time: a new program brings new ones.")
            .WithPath<string>("path", "The file's place", "main.js")
            .WithContentSecurityPolicy(ContentSecurityPolicy.OwnPages)
            .WithAnswer<byte[]>(200, "The file", "application/octet-stream")
            .WithAnswerHeader(200, "ETag", "The file's version")
            .WithAnswer(304, "The version that the client has is the present one")
            .ProducesProblems(ProblemTypes.NotFound);
        return routes;
    }

    /// <summary>A file, or 304 to a client that has it.</summary>
    public static FileContentHttpResult Send(HttpResponse response, DashboardFile file)
    {
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(file.Bytes, file.Type, entityTag: new EntityTagHeaderValue(file.Tag));
    }

    private static Results<FileContentHttpResult, ProblemResult> Get(string? path, HttpContext context, DashboardFiles files) =>
        files.Find(path ?? "") is { } file ? Send(context.Response, file) : Problem.NotFound();
}
