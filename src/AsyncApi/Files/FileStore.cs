using AsyncApi.Http.Preconditions;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Files;

/// <summary>The rows of files: a file is there from the commit that adds its row to the one that removes it.</summary>
internal sealed class FileStore(Database database, TimeProvider time)
{
    public async Task<StoredFile?> FindAsync(FilePath path, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await At(session.Context.Set<StoredFile>(), path).SingleOrDefaultAsync(token);
    }

    /// <summary>Whether a folder is there: it has a file in it or below it.</summary>
    public async Task<bool> HasFolderAsync(string folder, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await Below(session.Context.Set<StoredFile>(), folder).AnyAsync(token);
    }

    /// <summary>Bytes of all files, and the names of their blobs.</summary>
    public async Task<(long Bytes, IReadOnlySet<Guid> Blobs)> SumAsync(CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        long bytes = 0;
        HashSet<Guid> blobs = [];
        await foreach (var file in session.Context.Set<StoredFile>().Select(row => new { row.Blob, row.Size }).AsAsyncEnumerable().WithCancellation(token))
        {
            bytes += file.Size;
            blobs.Add(file.Blob);
        }

        return (bytes, blobs);
    }

    /// <summary>Puts all of them where they belong, in one commit, or none.</summary>
    /// <param name="within">More that is written in that commit.</param>
    public Task<PutOutcome> PutAsync(
        IReadOnlyList<FileToPut> files, Precondition condition, WithinPut? within, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                DbSet<StoredFile> rows = session.Context.Set<StoredFile>();
                List<PutFile> put = [];
                foreach (FileToPut file in files)
                {
                    if (await FindConflictAsync(rows, file.Path, stop) is { } conflict)
                        return PutOutcome.Refused(conflict);
                    StoredFile? present = await At(rows, file.Path).SingleOrDefaultAsync(stop);
                    if (!condition.Allows(present?.Tag))
                        return PutOutcome.Stale;
                    put.Add(Put(rows, file, present));
                }

                await session.Context.SaveChangesAsync(stop);
                if (within is not null)
                    await within(session, put, stop);
                return PutOutcome.Done(put);
            },
            token);

    /// <summary>Removes it if the condition holds. What was there comes back, whether or not it was removed.</summary>
    public Task<(StoredFile? File, bool Removed)> RemoveAsync(FilePath path, Precondition condition, CancellationToken token) =>
        database.WriteAsync<(StoredFile?, bool)>(
            async (session, stop) =>
            {
                DbSet<StoredFile> rows = session.Context.Set<StoredFile>();
                if (await At(rows, path).AsNoTracking().SingleOrDefaultAsync(stop) is not { } present)
                    return (null, false);
                return (present, condition.Allows(present.Tag)
                    && await rows.Where(row => row.Number == present.Number).ExecuteDeleteAsync(stop) == 1);
            },
            token);

    // Where one has a/b, no other has a/b/c: a folder could not be both, on the disk of whoever copies them.
    private static async Task<string?> FindConflictAsync(DbSet<StoredFile> rows, FilePath path, CancellationToken token)
    {
        foreach (FilePath parent in path.Parents())
        {
            if (await At(rows, parent).AnyAsync(token))
                return "A part of the path is a file, not a folder.";
        }

        return await Below(rows, path.AsFolder).AnyAsync(token) ? "The path is a folder." : null;
    }

    private PutFile Put(DbSet<StoredFile> rows, FileToPut file, StoredFile? present)
    {
        DateTimeOffset now = time.GetUtcNow();
        Guid? replaced = present?.Blob;
        long freed = present?.Size ?? 0;
        if (present is null)
        {
            present = new StoredFile { Folder = file.Path.Folder, Name = file.Path.Name, Sha256 = "", ContentType = "", CreatedAt = now };
            rows.Add(present);
        }

        (present.Blob, present.Size, present.Sha256) = (file.Received.Blob, file.Received.Size, file.Received.Sha256);
        (present.ContentType, present.ModifiedAt) = (file.ContentType, now);
        return new PutFile(present, replaced, freed);
    }

    private static IQueryable<StoredFile> At(IQueryable<StoredFile> rows, FilePath path) =>
        rows.Where(row => row.Folder == path.Folder && row.Name == path.Name);

    private static IQueryable<StoredFile> Below(IQueryable<StoredFile> rows, string folder)
    {
        string end = FolderStore.EndOf(folder);
        return rows.Where(row => row.Folder.CompareTo(folder) >= 0 && row.Folder.CompareTo(end) < 0);
    }
}

/// <summary>Part of the transaction that puts files. What it throws undoes all of it.</summary>
internal delegate ValueTask WithinPut(WriteSession session, IReadOnlyList<PutFile> put, CancellationToken token);

/// <summary>A received file with the place that it is for.</summary>
internal sealed record FileToPut(FilePath Path, string ContentType, ReceivedFile Received);

/// <param name="File">As it is now.</param>
/// <param name="Replaced">The bytes that nobody names any more.</param>
/// <param name="Freed">How many those were.</param>
internal sealed record PutFile(StoredFile File, Guid? Replaced, long Freed);

/// <summary>The files that were put; or a conflict with what is there; or neither, since the condition did not hold.</summary>
internal sealed record PutOutcome(IReadOnlyList<PutFile>? Files, string? Conflict)
{
    public static PutOutcome Stale { get; } = new(null, null);

    public static PutOutcome Done(IReadOnlyList<PutFile> files) => new(files, null);

    public static PutOutcome Refused(string conflict) => new(null, conflict);
}
