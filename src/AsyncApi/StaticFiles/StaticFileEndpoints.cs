using System.Globalization;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AsyncApi.StaticFiles;

internal static class StaticFileEndpoints
{
    private static readonly FileExtensionContentTypeProvider Types = new();

    public static IEndpointRouteBuilder MapStaticFiles(this IEndpointRouteBuilder routes)
    {
        MapFolder(routes, "static", "");
        MapFolder(routes, "css", "css/");
        MapFolder(routes, "font", "font/");
        return routes;
    }

    private static void MapFolder(IEndpointRouteBuilder routes, string prefix, string folder)
    {
        RouteGroupBuilder group = routes.MapGroup(prefix).WithTags("Static files").WithContentSecurityPolicy(ContentSecurityPolicy.OwnPages).AllowAnonymous();
        string title = char.ToUpperInvariant(prefix[0]) + prefix[1..];
        group.MapGet("/{**path}", Get).WithName($"get{title}File")
            .WithSummary("Get a static file")
            .WithDescription(
                "With ranges, an `ETag` and cache headers; as `.br` or `.gz` where such a file lies beside it and the client can decompress it. "
                + "A path that ends in a slash is a folder, whose index is HTML, or JSON by `Accept`, where `StaticFiles:ShowIndex` is on.")
            .WithPath<string>("path", "The file's place", "hello.txt")
            .WithAnswer<byte[]>(200, "The file, or a folder's index", "application/octet-stream")
            .WithAnswerHeader(200, "ETag", "The file's version")
            .WithAnswer(206, "The range that was asked for")
            .WithAnswer(304, "The version that the client has is the present one")
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.NotAcceptable, ProblemTypes.PreconditionFailed, ProblemTypes.RangeNotSatisfiable);
        group.MapMethods("/{**path}", [HttpMethods.Head], Get).WithName($"head{title}File")
            .WithSummary("Ask for a static file's headers")
            .WithPath<string>("path", "The file's place", "hello.txt")
            .WithAnswer(200, "What a GET would answer, without the bytes")
            .ProducesProblems(ProblemTypes.NotFound);

        Task<IResult> Get(string? path, HttpContext context, StaticFolder files, IOptions<StaticFilesOptions> options) =>
            path is null or "" || path.EndsWith('/')
                ? Task.FromResult(StaticIndexEndpoints.Get(folder + path, context, files, options.Value))
                : SendAsync(folder + path, context, files, options.Value);
    }

    private static async Task<IResult> SendAsync(string path, HttpContext context, StaticFolder folder, StaticFilesOptions options)
    {
        using StaticVariants? variants = StaticVariants.Open(folder, path);
        if (variants is null)
        {
            return options.ShowIndex && folder.HasFolder(path)
                ? TypedResults.Redirect(context.Request.PathBase.Add(context.Request.Path).ToUriComponent() + "/", permanent: false, preserveMethod: true)
                : Problem.NotFound();
        }

        StaticVariant variant = variants.Take(coding => AcceptEncoding.Quality(context.Request, coding));
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={options.MaxAgeSeconds}");
        headers.Vary = variants.Vary ? HeaderNames.AcceptEncoding : default(StringValues);
        headers.ContentEncoding = variant.Coding;
        // Disposes of the bytes.
        await TypedResults.Stream(
            variant.Bytes, TypeOf(path), fileDownloadName: null, variant.ModifiedAt, new EntityTagHeaderValue(variant.Tag),
            enableRangeProcessing: !HasOtherUnit(context.Request))
            .ExecuteAsync(context);
        return Refusal(context.Response) ?? (IResult)TypedResults.Empty;
    }

    // A range in a unit that is not known is as good as none; the framework would take it for bytes.
    private static bool HasOtherUnit(HttpRequest request) =>
        request.Headers.Range is [{ } range, ..] && !range.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase);

    private static ProblemResult? Refusal(HttpResponse response)
    {
        ProblemType? type = response.StatusCode switch
        {
            StatusCodes.Status412PreconditionFailed => ProblemTypes.PreconditionFailed,
            StatusCodes.Status416RangeNotSatisfiable => ProblemTypes.RangeNotSatisfiable,
            _ => null,
        };
        if (type is null)
        {
            return null;
        }

        (response.Headers.CacheControl, response.Headers.ContentEncoding) = (default, default);
        return Problem.Of(type);
    }

    private static string TypeOf(string path)
    {
        string type = Types.TryGetContentType(path, out string? known) ? known : "application/octet-stream";
        bool text = type.StartsWith("text/", StringComparison.Ordinal) || type is "application/json" or "image/svg+xml";
        return text ? $"{type}; charset=utf-8" : type;
    }
}
