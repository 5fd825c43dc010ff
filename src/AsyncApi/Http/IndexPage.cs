using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AsyncApi.Http;

/// <summary>The index of a folder, for people. Every text in it may be a stranger's.</summary>
internal static class IndexPage
{
    public const string MediaType = MediaTypeNames.Text.Html;

    /// <param name="path">The folder's, as the title.</param>
    /// <param name="entries">In their order.</param>
    /// <param name="more">Where the next page is; null when there is none.</param>
    public static ContentHttpResult Of(string path, IEnumerable<IndexEntry> entries, string? more = null)
    {
        string title = Encode(path);
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} - AsyncApi</title>")
            .Append(CultureInfo.InvariantCulture, $"<meta name=\"viewport\" content=\"width=device-width\"></head><body><h1>{title}</h1><table>");
        foreach (IndexEntry entry in entries)
        {
            string time = entry.ModifiedAt is { } modified ? Timestamp.Format(modified) : "";
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><td><a href=\"{Encode(entry.Link)}\"><bdi>{Encode(entry.Name)}</bdi></a></td><td>{entry.Size}</td><td>{time}</td></tr>");
        }

        html.Append("</table>");
        if (more is not null)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Encode(more)}\">More</a></p>");
        }

        return TypedResults.Text(html.Append("</body></html>\n").ToString(), MediaType, Encoding.UTF8);
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}

/// <param name="Name">As people read it.</param>
/// <param name="Link">Relative to the page, or from the root.</param>
/// <param name="Size">In bytes; null for a folder.</param>
/// <param name="ModifiedAt">Null for a folder.</param>
internal readonly record struct IndexEntry(string Name, string Link, long? Size, DateTimeOffset? ModifiedAt);
