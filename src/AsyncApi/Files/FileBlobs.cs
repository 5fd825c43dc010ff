using System.Globalization;
using AsyncApi.Storage;

namespace AsyncApi.Files;

/// <summary>
/// The bytes of files, below the data folder. Their names are made here, never of input. A name without an ending is whole and
/// on the disk; whether it counts is for its row to say.
/// </summary>
internal sealed class FileBlobs(DataFolder folder)
{
    private const string Unfinished = ".part";

    private string Root { get; } = Path.Combine(folder.Root, "files");

    /// <summary>To be written in order; not whole until <see cref="FinishAsync"/>.</summary>
    public FileStream Create(Guid blob) =>
        new(PathOf(blob) + Unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);

    /// <summary>Closes what was written and gives it its name; both outlive a power cut once this has returned.</summary>
    public async Task FinishAsync(Guid blob, FileStream written)
    {
        await using (written)
            await OffThePoolAsync(() => written.Flush(flushToDisk: true));
        await OffThePoolAsync(() =>
        {
            File.Move(PathOf(blob) + Unfinished, PathOf(blob));
            DirectorySync.Flush(Root);
        });
    }

    /// <summary>Null when it is gone, or is not what was written: a link that someone has put there leads nowhere.</summary>
    public FileStream? Open(StoredFile file)
    {
        FileInfo info = new(PathOf(file.Blob));
        if (!info.Exists || info.LinkTarget is not null || info.Length != file.Size)
            return null;
        try
        {
            return new FileStream(
                info.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes it, finished or not. Who reads it reads on.</summary>
    public void Delete(Guid blob)
    {
        File.Delete(PathOf(blob) + Unfinished);
        File.Delete(PathOf(blob));
    }

    /// <summary>Makes the folder, and removes from it what no row names; returns how many that were. For the start, when nobody uploads.</summary>
    public int Sweep(IReadOnlySet<Guid> named)
    {
        Directory.CreateDirectory(Root);
        int removed = 0;
        foreach (string path in Directory.EnumerateFiles(Root))
        {
            // What someone else has put there is not ours to remove.
            if (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "N", out Guid blob))
                continue;
            if (Path.GetExtension(path) == Unfinished || (Path.GetExtension(path).Length == 0 && !named.Contains(blob)))
            {
                File.Delete(path);
                removed++;
            }
        }

        return removed;
    }

    // A gibibyte may take the disk seconds, and no call waits for it without holding a thread: not one of the pool's.
    private static Task OffThePoolAsync(Action flush) =>
        Task.Factory.StartNew(flush, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private string PathOf(Guid blob) => Path.Combine(Root, blob.ToString("N", CultureInfo.InvariantCulture));
}
