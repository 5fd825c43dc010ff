using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace AsyncApi.Http.Paging;

/// <summary>One page of a list. As an answer it also says where the next one is, in a <c>Link</c> header.</summary>
/// <param name="Items">The items of this page.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null when this was the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (NextCursor is not null)
            httpContext.Response.Headers.Link = $"<{PageLink.Next(httpContext.Request, NextCursor)}>; rel=\"next\"";
        await httpContext.Response.WriteAsJsonAsync(this, JsonDefaults.Options, httpContext.RequestAborted);
    }
}

internal static class Page
{
    /// <summary>Cuts a page out of rows that were read with one more than the limit: the extra row only says that there is a next page.</summary>
    public static Page<T> Of<T>(IReadOnlyList<T> oneMore, PageRequest request, Func<T, Cursor> place)
    {
        if (oneMore.Count <= request.Limit)
            return new Page<T>(oneMore, null);
        T[] items = [.. oneMore.Take(request.Limit)];
        return new Page<T>(items, place(items[^1]).ToString());
    }
}

internal static class PageLink
{
    /// <summary>The present reference with another cursor. Relative, since no link is ever built from the Host header.</summary>
    public static string Next(HttpRequest request, string cursor)
    {
        QueryBuilder query = [];
        foreach ((string name, StringValues values) in request.Query)
        {
            if (!name.Equals(PageRequest.CursorName, StringComparison.OrdinalIgnoreCase))
                query.Add(name, values.Select(value => value ?? ""));
        }
        query.Add(PageRequest.CursorName, cursor);
        return $"{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{query.ToQueryString().ToUriComponent()}";
    }
}
