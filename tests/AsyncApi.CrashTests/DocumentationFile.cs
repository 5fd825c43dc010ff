using System.IO.Enumeration;

namespace AsyncApi.CrashTests;

/// <summary>A readable file of the system's documentation, and where nginx serves it.</summary>
internal sealed record DocumentationFile(string Path, string UrlPath, long Length)
{
    /// <summary>What is on this machine, by the path under which it is served.</summary>
    public static IReadOnlyDictionary<string, string> Folders { get; } =
        new Dictionary<string, string> { ["/doc/"] = "/usr/share/doc", ["/perl/"] = "/usr/share/perl", ["/perl5/"] = "/usr/share/perl5" }
            .Where(folder => Directory.Exists(folder.Value))
            .ToDictionary();

    /// <summary>All of them up to a size, in order of their names. Links are left out: what they lead to is listed itself or lies outside.</summary>
    public static List<DocumentationFile> FindAll(long largest) =>
        [.. Folders.SelectMany(folder => Find(folder.Key, folder.Value))
            .Where(file => file.Length <= largest)
            .OrderBy(file => file.Path, StringComparer.Ordinal)];

    private static IEnumerable<DocumentationFile> Find(string served, string folder)
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return new FileSystemEnumerable<FileInfo>(folder, (ref FileSystemEntry entry) => (FileInfo)entry.ToFileSystemInfo(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
        }
        .Where(IsReadable)
        .Select(file => new DocumentationFile(file.FullName, served + Encode(System.IO.Path.GetRelativePath(folder, file.FullName)), file.Length));
    }

    private static string Encode(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static bool IsReadable(FileInfo file)
    {
        try
        {
            file.OpenRead().Dispose();
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
