using AsyncApi.Http;
using AsyncApi.Http.Input;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AsyncApi.Files;

/// <summary>The index of a folder, as a page for people or for programs.</summary>
internal static class FolderEndpoints
{
    private static readonly string[] Forms = [IndexPage.MediaType, JsonBody.MediaType];
    private static readonly IndexEntry Parent = new("../", "../", null, null);

    public static async Task<IResult> GetAsync(string path, HttpContext context, FolderStore folders, FileStore files, CancellationToken token)
    {
        if (path.Length > 0 && !FilePath.TryParse(path[..^1], out _, out string? fault))
            return Problem.Validation("path", fault);
        if (Accept.Choose(context.Request, Forms) is not { } form)
            return Problem.NotAcceptable(Forms);
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
        return form == IndexPage.MediaType ? Document(view, context.Request) : TypedResults.Ok(view);
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

    private static ContentHttpResult Document(FolderView view, HttpRequest request)
    {
        IEnumerable<IndexEntry> entries = view.Items.Select(ToEntry);
        string? more = view.NextCursor is { } next ? PageLink.Next(request, next) : null;
        return IndexPage.Of($"/files/{view.Path}", view.Path.Length > 0 ? entries.Prepend(Parent) : entries, more);
    }

    private static IndexEntry ToEntry(FolderItemView item) => new(item.Name, item.Url, item.Size, item.ModifiedAt);
}
