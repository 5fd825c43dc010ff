using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches;

/// <summary>Clears what an earlier process left half done, before anything new is taken in.</summary>
internal sealed class FetchStartup(FetchRemovalStore fetches, JobRemovals removals, DataFolder folder) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Now, while no submission is on its way; removed later, since it may be much. As one piece: nobody empties the queue of
        // removals yet, and they may be more than it holds.
        IReadOnlyList<long> left = await fetches.ListAsync(cancellationToken);
        if (left.Count > 0)
        {
            await removals.AddAsync(stop => RemoveAsync(left, stop), cancellationToken);
        }

        foreach (string file in Directory.EnumerateFiles(folder.Spool))
        {
            File.Delete(file);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RemoveAsync(IReadOnlyList<long> keys, CancellationToken stopping)
    {
        foreach (long key in keys)
        {
            await fetches.RemoveAsync(key, stopping);
        }
    }
}
