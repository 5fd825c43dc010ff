using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Files;

/// <summary>
/// What lies in a folder. Folders have no rows: each is found by one step in the index behind the one before, so that a page costs
/// the same whatever lies below.
/// </summary>
internal sealed class FolderStore(Database database)
{
    // The character behind the slash: every path below a/ is before a0.
    private const char BehindSlash = '0';

    // Longer than any name, of the last character there is.
    private static readonly string BehindAll = string.Concat(Enumerable.Repeat("\U0010FFFF", (FileNames.MaxBytes / 4) + 1));

    /// <summary>The first path behind everything in or below the folder.</summary>
    public static string EndOf(string folder) => folder.Length == 0 ? BehindAll : folder[..^1] + BehindSlash;

    /// <summary>Names in the order of their bytes, folders with a slash at their end, behind the given one; one more than asked for, when there is one.</summary>
    public async Task<IReadOnlyList<FolderEntry>> ListAsync(string folder, string after, int limit, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        IQueryable<StoredFile> rows = session.Context.Set<StoredFile>();
        List<StoredFile> files = await rows
            .Where(row => row.Folder == folder && row.Name.CompareTo(after) > 0)
            .OrderBy(row => row.Name).Take(limit + 1).ToListAsync(token);
        List<FolderEntry> entries = [.. files.Select(file => new FolderEntry(file.Name, file))];
        entries.AddRange(await FoldersAsync(rows, folder, after, limit, token));
        entries.Sort((left, right) => Utf8Order.Compare(left.Name, right.Name));
        return entries.Count > limit + 1 ? entries.GetRange(0, limit + 1) : entries;
    }

    private static async Task<List<FolderEntry>> FoldersAsync(
        IQueryable<StoredFile> rows, string folder, string after, int limit, CancellationToken token)
    {
        List<FolderEntry> folders = [];
        string end = EndOf(folder);
        string from = after.EndsWith('/') ? EndOf(folder + after) : folder + after;
        while (folders.Count <= limit && await FirstAsync(rows, folder, from, end, token) is { } found)
        {
            string name = found[folder.Length..(found.IndexOf('/', folder.Length) + 1)];
            folders.Add(new FolderEntry(name, null));
            from = EndOf(folder + name);
        }

        return folders;
    }

    private static Task<string?> FirstAsync(IQueryable<StoredFile> rows, string folder, string from, string end, CancellationToken token) =>
        rows.Where(row => row.Folder.CompareTo(from) >= 0 && row.Folder.CompareTo(end) < 0 && row.Folder != folder)
            .OrderBy(row => row.Folder).Select(row => row.Folder).FirstOrDefaultAsync(token);
}

/// <param name="Name">A folder's with a slash at its end.</param>
/// <param name="File">Null for a folder.</param>
internal sealed record FolderEntry(string Name, StoredFile? File);
