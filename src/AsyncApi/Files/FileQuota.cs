using Microsoft.Extensions.Options;

namespace AsyncApi.Files;

/// <summary>
/// What all files may take of the disk. An upload takes before it writes and gives back what did not stay, so that the sum is
/// never exceeded, however many come at once.
/// </summary>
internal sealed class FileQuota(IOptions<FilesOptions> options)
{
    private readonly long _limit = options.Value.QuotaBytes;
    private long _taken;

    /// <summary>Bytes of all files and of those that are being received.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Counts what an earlier process has left; it stays even where the quota is smaller by now.</summary>
    public void Start(long stored) => Interlocked.Add(ref _taken, stored);

    /// <summary>False, and nothing taken, when there is not that much left.</summary>
    public bool TryTake(long bytes)
    {
        long taken = Taken;
        while (bytes <= _limit - taken)
        {
            long before = Interlocked.CompareExchange(ref _taken, taken + bytes, taken);
            if (before == taken)
                return true;
            taken = before;
        }

        return bytes == 0;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
