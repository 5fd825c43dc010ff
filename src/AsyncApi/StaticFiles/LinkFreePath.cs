namespace AsyncApi.StaticFiles;

/// <summary>Where a path really leads, with every link on the way followed.</summary>
internal static class LinkFreePath
{
    // As the kernel: a chain that is longer leads in a circle.
    private const int MaxLinks = 40;

    /// <summary>The real path; null when links go in a circle. What does not exist is left as it is written.</summary>
    public static string? Of(string path)
    {
        string full = Path.GetFullPath(path);
        string current = Path.GetPathRoot(full)!;
        Stack<string> ahead = new(Segments(full[current.Length..]).Reverse());
        int links = 0;
        while (ahead.TryPop(out string? segment))
        {
            string next = segment == ".." ? Path.GetDirectoryName(current) ?? current : Path.Combine(current, segment);
            if (segment == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            string root = Path.GetPathRoot(target)!;
            current = root.Length > 0 ? root : current;
            foreach (string step in Segments(target[root.Length..]).Reverse())
            {
                ahead.Push(step);
            }
        }

        return current;
    }

    /// <summary>Whether a real path is a real folder, or lies in or below it.</summary>
    public static bool IsIn(string path, string folder) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static IEnumerable<string> Segments(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != ".");
}
