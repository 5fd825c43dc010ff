namespace AsyncApi.Files;

/// <summary>Removes what an earlier process has left half received, and counts what is there, before anything new comes in.</summary>
internal sealed partial class FilesStartup(FileStore store, FileBlobs blobs, FileQuota quota, ILogger<FilesStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        (long bytes, IReadOnlySet<Guid> named) = await store.SumAsync(cancellationToken);
        quota.Start(bytes);
        int removed = blobs.Sweep(named);
        if (removed > 0)
            LogSwept(removed);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} uploads that had not come to their end")]
    private partial void LogSwept(int count);
}
