using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using AsyncApi.Http;
using AsyncApi.Http.Input;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;

namespace AsyncApi.Files;

/// <summary>The index of a folder, as a page for people or for programs.</summary>
internal static class FolderEndpoints
{
    private const string Html = "text/html";

    public static async Task<IResult> GetAsync(string path, HttpContext context, FolderStore folders, FileStore files, CancellationToken token)
    {
        if (path.Length > 0 && !FilePath.TryParse(path[..^1], out _, out string? fault))
            return Problem.Validation("path", fault);
        if (Accept.Choose(context.Request, Html, JsonBody.MediaType) is not { } form)
            return Problem.NotAcceptable([Html, JsonBody.MediaType]);
        QueryReader query = new(context.Request, new Faults());
        int limit = query.Int32(PageRequest.LimitName, 1, PageRequest.MaxLimit) ?? PageRequest.DefaultLimit;
        string after = ReadCursor(query);
        if (query.Faults.Any)
            return Problem.Validation(query.Faults);
        if (path.Length > 0 && !await files.HasFolderAsync(path, token))
            return Problem.NotFound();

        FolderView view = Page(path, await folders.ListAsync(path, after, limit, token), limit);
        if (view.NextCursor is { } next)
            context.Response.Headers.Link = $"<{PageLink.Next(context.Request, next)}>; rel=\"next\"";
        return form == Html ? TypedResults.Text(Document(view, context.Request), Html, Encoding.UTF8) : TypedResults.Ok(view);
    }

    private static FolderView Page(string folder, IReadOnlyList<FolderEntry> oneMore, int limit)
    {
        string? next = oneMore.Count > limit ? FolderCursor.Write(oneMore[limit - 1].Name) : null;
        return new FolderView(folder, [.. oneMore.Take(limit).Select(entry => FolderItemView.Of(folder, entry))], next);
    }

    private static string ReadCursor(QueryReader query)
    {
        if (query.String(PageRequest.CursorName, FolderCursor.MaxLength) is not { } text)
            return "";
        if (FolderCursor.TryRead(text, out string after))
            return after;
        query.Fault(PageRequest.CursorName, $"is not a cursor of this list: {Quoted.Of(text)}");
        return "";
    }

    private static string Document(FolderView view, HttpRequest request)
    {
        string title = Encode($"/files/{view.Path}");
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} - AsyncApi</title>")
            .Append(CultureInfo.InvariantCulture, $"<meta name=\"viewport\" content=\"width=device-width\"></head><body><h1>{title}</h1><table>");
        if (view.Path.Length > 0)
            html.Append("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>");
        foreach (FolderItemView item in view.Items)
        {
            string time = item.ModifiedAt is { } modified ? Timestamp.Format(modified) : "";
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><td><a href=\"{Encode(item.Url)}\"><bdi>{Encode(item.Name)}</bdi></a></td><td>{item.Size}</td><td>{time}</td></tr>");
        }

        html.Append("</table>");
        if (view.NextCursor is { } next)
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Encode(PageLink.Next(request, next))}\">More</a></p>");
        return html.Append("</body></html>\n").ToString();
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
