namespace AsyncApi.Files;

/// <summary>An upload that is whole and on the disk, but not yet there for anybody. Unless it is kept, its end leaves nothing of it.</summary>
internal sealed class ReceivedFile(FileBlobs blobs, FileQuota quota, Guid blob, long size, string sha256) : IDisposable
{
    private bool _over;

    public Guid Blob => blob;

    public long Size => size;

    public string Sha256 => sha256;

    /// <summary>A row names it now: bytes and quota stay taken.</summary>
    public void Keep() => _over = true;

    public void Dispose()
    {
        if (_over)
            return;
        _over = true;
        blobs.Delete(blob);
        quota.GiveBack(size);
    }
}

/// <summary>Why an upload was not received.</summary>
internal enum ReceiveFault
{
    None,
    TooLarge,
    OverQuota,
}
