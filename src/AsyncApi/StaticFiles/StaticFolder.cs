using System.Security;
using Microsoft.Extensions.Options;

namespace AsyncApi.StaticFiles;

/// <summary>
/// The folder of static files. What its paths name is below it, also behind links; dot files are not there for anybody.
/// </summary>
internal sealed class StaticFolder(IOptions<StaticFilesOptions> options)
{
    private readonly string _root = Path.GetFullPath(options.Value.Root, AppContext.BaseDirectory);

    /// <summary>A file opened for reading, or null when there is none that may be seen.</summary>
    public FileStream? Open(string path)
    {
        if (PlaceOf(path) is not { } place || !File.Exists(place))
        {
            return null;
        }

        try
        {
            return new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or SecurityException)
        {
            return null;
        }
    }

    /// <summary>Whether there is a folder that may be seen.</summary>
    public bool HasFolder(string path) => PlaceOf(path) is { } place && Directory.Exists(place);

    /// <summary>What a folder holds that may be seen, by name, folders with a slash at their end. At most so many.</summary>
    public IReadOnlyList<StaticEntry> List(string path, int most)
    {
        try
        {
            return [.. new DirectoryInfo(PlaceOf(path)!).EnumerateFileSystemInfos()
                .Where(info => IsSeen(info.Name) && PlaceOf($"{path.TrimEnd('/')}/{info.Name}") is { } place && Path.Exists(place))
                .Take(most)
                .Select(EntryOf)
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or SecurityException)
        {
            return [];
        }
    }

    /// <summary>The real place of what a path names; null when no such thing may be seen.</summary>
    private string? PlaceOf(string path)
    {
        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!Array.TrueForAll(segments, IsSeen) || LinkFreePath.Of(_root) is not { } root)
        {
            return null;
        }

        string? real = LinkFreePath.Of(Path.Combine([root, .. segments]));
        return real is not null && LinkFreePath.IsIn(real, root) ? real : null;
    }

    private static bool IsSeen(string name) => name[0] != '.' && name.AsSpan().IndexOfAny('\\', '\0', ':') < 0;

    private static StaticEntry EntryOf(FileSystemInfo info)
    {
        FileSystemInfo real = info.ResolveLinkTarget(returnFinalTarget: true) ?? info;
        return real is FileInfo file
            ? new StaticEntry(info.Name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero))
            : new StaticEntry(info.Name + "/", null, null);
    }
}

/// <summary>A file or a folder in a folder.</summary>
/// <param name="Name">A folder's ends in a slash.</param>
/// <param name="Size">A file's length in bytes; null for a folder.</param>
/// <param name="ModifiedAt">When the file was last written; null for a folder.</param>
internal sealed record StaticEntry(string Name, long? Size, DateTimeOffset? ModifiedAt);

/// <summary>What lies in a folder of static files.</summary>
/// <param name="Path">Its place.</param>
/// <param name="Items">Files and folders by name, at most 1,000.</param>
internal sealed record StaticIndex(string Path, IReadOnlyList<StaticEntry> Items);
