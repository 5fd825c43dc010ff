using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Preconditions;
using AsyncApi.Http.Problems;
using Microsoft.Net.Http.Headers;

namespace AsyncApi.Files;

internal static class FileEndpoints
{
    private const string AnyPath = "/{**path}";
    private const string PathMeaning = "The file's place: names with slashes between, each up to 255 bytes";

    public static RouteGroupBuilder MapFiles(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder files = routes.MapGroup("/files").WithTags("Files");
        files.MapGet(AnyPath, GetAsync).WithName("getFile").DocumentGet();
        files.MapMethods(AnyPath, [HttpMethods.Head], GetAsync).WithName("headFile")
            .WithSummary("Ask for a file's headers")
            .WithPath<string>("path", PathMeaning, FileExamples.Path)
            .WithAnswer(200, "What a GET would answer, without the bytes")
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Validation);
        files.MapPut(AnyPath, UploadEndpoints.PutAsync).WithName("putFile").AcceptsAnyCharset().WithPath<string>("path", PathMeaning, FileExamples.Path)
            .DocumentPut();
        files.MapPost("", UploadEndpoints.PostAsync).WithName("uploadFiles").DocumentPost();
        files.MapDelete(AnyPath, DeleteAsync).WithName("deleteFile")
            .WithSummary("Delete a file")
            .WithDescription("A folder goes with its last file.")
            .WithPath<string>("path", PathMeaning, FileExamples.Path)
            .WithConditionalWrite()
            .WithAnswer(204, "Deleted")
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Validation);
        return files;
    }

    private static async Task<IResult> GetAsync(string? path, HttpContext context, FileLibrary library, FolderStore folders, FileStore files, CancellationToken token)
    {
        if (path is null or "" || path.EndsWith('/'))
            return await FolderEndpoints.GetAsync(path ?? "", context, folders, files, token);
        if (!FilePath.TryParse(path, out FilePath? place, out string? fault))
            return Problem.Validation("path", fault);
        if (Precondition.RefusalOf(context.Request, out _) is { } unreadable)
            return unreadable;
        if (await library.OpenAsync(place, token) is not { } found)
        {
            return await files.HasFolderAsync(place.AsFolder, token)
                ? TypedResults.Redirect(place.Url + "/", permanent: false, preserveMethod: true)
                : Problem.NotFound();
        }

        return await SendAsync(context, found.File, found.Bytes);
    }

    private static async Task<IResult> SendAsync(HttpContext context, StoredFile file, FileStream bytes)
    {
        // The framework takes any unit for bytes; one that is not known is to be ignored.
        if (!context.Request.Headers.Range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
            context.Request.Headers.Range = default;
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.CacheControl = "private, no-cache";
        await TypedResults.Stream(
            bytes, FileContentTypes.Served(file.ContentType, BodyContentType.Unknown), file.Name,
            file.ModifiedAt, new EntityTagHeaderValue(file.Tag), enableRangeProcessing: true).ExecuteAsync(context);
        int status = context.Response.StatusCode;
        if (status is not (StatusCodes.Status416RangeNotSatisfiable or StatusCodes.Status412PreconditionFailed))
            return TypedResults.Empty;
        headers.ContentDisposition = default;
        return Problem.Of(status == StatusCodes.Status412PreconditionFailed ? ProblemTypes.PreconditionFailed : ProblemTypes.RangeNotSatisfiable);
    }

    private static async Task<IResult> DeleteAsync(string? path, HttpRequest request, FileLibrary library)
    {
        Faults faults = new();
        Precondition condition = Precondition.Read(request, faults);
        if (!FilePath.TryParse(path ?? "", out FilePath? place, out string? fault))
            faults.Add("path", fault);
        if (faults.Any)
            return Problem.Validation(faults);
        return await library.RemoveAsync(place!, condition) switch
        {
            null => Problem.NotFound(),
            true => TypedResults.NoContent(),
            false => Versioned.Stale(),
        };
    }

    private static void DocumentGet(this RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Download a file, or list a folder")
        .WithDescription(
            "The bytes, with ranges, `ETag` (from the SHA-256) and conditions, always as an attachment: nothing in them runs in this origin, and types "
            + "that could are served as `application/octet-stream`. A path that ends in a slash, or none, is a folder: its index is HTML, or JSON by "
            + "`Accept`, a page at a time.")
        .WithPath<string>("path", "The file's place; or a folder's, with a slash at its end", FileExamples.Path)
        .WithPaging()
        .WithHeader("Range", "Which bytes to send.", "bytes=0-1023")
        .WithConditionalRead()
        .WithAnswer<byte[]>(200, "The bytes, or the folder's index", BodyContentType.Unknown)
        .WithAnswer<FolderView>(200, "The bytes, or the folder's index", example: FileExamples.Folder)
        .WithAnswer<string>(200, "The bytes, or the folder's index", "text/html", "<!doctype html>…")
        .WithAnswerHeader(200, "ETag", "The SHA-256 of the bytes, in quotes")
        .WithAnswer<byte[]>(206, "Some of the bytes", BodyContentType.Unknown)
        .WithAnswer(307, "It is a folder: the same with a slash at its end")
        .ProducesProblems(
            ProblemTypes.NotFound, ProblemTypes.Validation, ProblemTypes.NotAcceptable, ProblemTypes.PreconditionFailed, ProblemTypes.RangeNotSatisfiable);
}
