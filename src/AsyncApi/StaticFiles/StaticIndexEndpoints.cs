using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using AsyncApi.Http;
using AsyncApi.Http.Problems;
using Microsoft.Net.Http.Headers;

namespace AsyncApi.StaticFiles;

/// <summary>The index of a folder of static files, for people or for programs.</summary>
internal static class StaticIndexEndpoints
{
    private const int MaxEntries = 1_000;

    private static readonly string[] Forms = [MediaTypeNames.Text.Html, MediaTypeNames.Application.Json];

    public static IResult Get(string folder, HttpContext context, StaticFolder files, StaticFilesOptions options)
    {
        if (!options.ShowIndex || !files.HasFolder(folder))
        {
            return Problem.NotFound();
        }

        context.Response.Headers.Vary = HeaderNames.Accept;
        if (Accept.Choose(context.Request, Forms) is not { } form)
        {
            return Problem.NotAcceptable(Forms);
        }

        StaticIndex index = new(context.Request.Path.ToString(), files.List(folder, MaxEntries));
        return form == MediaTypeNames.Text.Html ? TypedResults.Text(Document(index), MediaTypeNames.Text.Html, Encoding.UTF8) : TypedResults.Ok(index);
    }

    private static string Document(StaticIndex index)
    {
        string title = Encode(index.Path);
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} - AsyncApi</title>")
            .Append(CultureInfo.InvariantCulture, $"<meta name=\"viewport\" content=\"width=device-width\"></head><body><h1>{title}</h1><table>");
        foreach (StaticEntry entry in index.Items)
        {
            // "./" before it, or a name with a colon would be a URL of its own.
            string link = "./" + Uri.EscapeDataString(entry.Name.TrimEnd('/')) + (entry.Size is null ? "/" : "");
            string time = entry.ModifiedAt is { } modified ? Timestamp.Format(modified) : "";
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><td><a href=\"{Encode(link)}\"><bdi>{Encode(entry.Name)}</bdi></a></td><td>{entry.Size}</td><td>{time}</td></tr>");
        }

        return html.Append("</table></body></html>\n").ToString();
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
