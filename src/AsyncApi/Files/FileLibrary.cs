using AsyncApi.Http.Preconditions;

namespace AsyncApi.Files;

/// <summary>Files as clients know them. Rows, bytes and quota agree whenever a call has returned; after a crash the start sees to it.</summary>
internal sealed partial class FileLibrary(FileStore store, FileBlobs blobs, FileQuota quota, ILogger<FileLibrary> logger)
{
    // A file that is replaced over and over can be gone each time between its row and its bytes.
    private const int Tries = 5;

    /// <summary>The file with its bytes, to be read and disposed of; null when it is not there.</summary>
    public async Task<(StoredFile File, FileStream Bytes)?> OpenAsync(FilePath path, CancellationToken token)
    {
        Guid last = Guid.Empty;
        for (int i = 0; i < Tries; i++)
        {
            if (await store.FindAsync(path, token) is not { } file)
                return null;
            if (blobs.Open(file) is { } bytes)
                return (file, bytes);
            if (file.Blob == last)
                break;
            last = file.Blob;
        }

        LogLost(last);
        return null;
    }

    /// <summary>Puts what was received where it belongs: all of it or nothing. What it replaces is removed.</summary>
    public async Task<PutOutcome> PutAsync(IReadOnlyList<FileToPut> files, Precondition condition, WithinPut? within = null)
    {
        // No token: all bytes have come, and who is told "no" must be able to rely on it.
        PutOutcome outcome = await store.PutAsync(files, condition, within, CancellationToken.None);
        if (outcome.Files is null)
            return outcome;
        foreach (FileToPut file in files)
            file.Received.Keep();
        foreach (PutFile put in outcome.Files)
        {
            if (put.Replaced is { } old)
                Remove(old, put.Freed);
        }

        return outcome;
    }

    /// <summary>Removes the file if the condition holds: null when there is none, else whether it was removed.</summary>
    public async Task<bool?> RemoveAsync(FilePath path, Precondition condition)
    {
        (StoredFile? file, bool removed) = await store.RemoveAsync(path, condition, CancellationToken.None);
        if (removed)
            Remove(file!.Blob, file.Size);
        return file is null ? null : removed;
    }

    private void Remove(Guid blob, long size)
    {
        try
        {
            blobs.Delete(blob);
            quota.GiveBack(size);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // Its row is gone, so for everybody it is; the next start tries again.
            LogKept(kept, blob);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The bytes {Blob} of a file are missing, a link or cut off; it is not served")]
    private partial void LogLost(Guid blob);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bytes {Blob} of a removed file could not be deleted; they count until the next start")]
    private partial void LogKept(Exception error, Guid blob);
}
