using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace AsyncApi.Files;

/// <summary>How many uploads there may be at once: each holds a buffer and keeps the disk busy.</summary>
internal sealed class UploadPlaces(IOptions<FilesOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _free = new(new ConcurrencyLimiterOptions { PermitLimit = options.Value.MaxUploads, QueueLimit = 0 });

    public int Max { get; } = options.Value.MaxUploads;

    /// <summary>A place until it is disposed; null when all are taken.</summary>
    public IDisposable? TryTake()
    {
        RateLimitLease lease = _free.AttemptAcquire();
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        return null;
    }

    public void Dispose() => _free.Dispose();
}
