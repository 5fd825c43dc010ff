using AsyncApi.Fetches.Submission;
using AsyncApi.Storage;

namespace AsyncApi.Fetches;

/// <summary>Clears what an earlier process left half done, before anything new is taken in.</summary>
internal sealed class FetchStartup(UnfinishedFetchesStore unfinished, DataFolder folder) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await unfinished.RemoveAllAsync(cancellationToken);
        foreach (string file in Directory.EnumerateFiles(folder.Spool))
        {
            File.Delete(file);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
