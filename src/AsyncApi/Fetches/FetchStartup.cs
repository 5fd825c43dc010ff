using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches;

/// <summary>Clears what an earlier process left half done, before anything new is taken in.</summary>
internal sealed class FetchStartup(FetchRemovalStore fetches, JobRemovals removals, DataFolder folder) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Now, while no submission is on its way; removed later, since it may be much.
        foreach (long key in await fetches.ListAsync(cancellationToken))
        {
            await removals.AddAsync(stop => fetches.RemoveAsync(key, stop), cancellationToken);
        }

        foreach (string file in Directory.EnumerateFiles(folder.Spool))
        {
            File.Delete(file);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
