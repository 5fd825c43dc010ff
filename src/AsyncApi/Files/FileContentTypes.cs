namespace AsyncApi.Files;

/// <summary>
/// The types under which uploads are served. What a browser could run — scripts, pages, drawings, styles — goes out as bytes
/// of no type: a script of our own pages' origin would pass their policy, attachment or not.
/// </summary>
internal static class FileContentTypes
{
    private static readonly HashSet<string> Passive = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/gzip", "application/json", "application/jsonl", "application/pdf", "application/problem+json", "application/x-ndjson",
        "application/x-tar", "application/zip", "image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/tiff", "image/webp",
        "image/x-icon", "text/csv", "text/markdown", "text/plain", "text/tab-separated-values", "text/uri-list",
    };

    /// <param name="stored">What the uploader said, already brought to plain tokens.</param>
    /// <param name="unknown">The type that says nothing.</param>
    public static string Served(string stored, string unknown)
    {
        int parameters = stored.IndexOf(';', StringComparison.Ordinal);
        string type = parameters < 0 ? stored : stored[..parameters];
        return Passive.Contains(type) || IsMedia(type) ? stored : unknown;
    }

    private static bool IsMedia(string type) =>
        type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || type.StartsWith("video/", StringComparison.OrdinalIgnoreCase)
        || type.StartsWith("font/", StringComparison.OrdinalIgnoreCase);
}
