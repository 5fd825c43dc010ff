using System.Net.Mime;
using AsyncApi.Http;
using AsyncApi.Http.Problems;

namespace AsyncApi.StaticFiles;

/// <summary>The index of a folder of static files, for people or for programs.</summary>
internal static class StaticIndexEndpoints
{
    private const int MaxEntries = 1_000;

    private static readonly string[] Forms = [IndexPage.MediaType, MediaTypeNames.Application.Json];

    public static IResult Get(string folder, HttpContext context, StaticFolder files, StaticFilesOptions options)
    {
        if (!options.ShowIndex || !files.HasFolder(folder))
        {
            return Problem.NotFound();
        }

        if (Accept.Choose(context.Request, Forms) is not { } form)
        {
            return Problem.NotAcceptable(Forms);
        }

        StaticIndex index = new(context.Request.Path.ToString(), files.List(folder, MaxEntries));
        return form == IndexPage.MediaType ? IndexPage.Of(index.Path, index.Items.Select(ToEntry)) : TypedResults.Ok(index);
    }

    // "./" before it, or a name with a colon would be a URL of its own.
    private static IndexEntry ToEntry(StaticEntry entry) => new(
        entry.Name, $"./{Uri.EscapeDataString(entry.Name.TrimEnd('/'))}{(entry.Size is null ? "/" : "")}", entry.Size, entry.ModifiedAt);
}
