using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Items;

/// <summary>The items' rows, as their jobs see and change them. A job that an item no longer names changes nothing of it.</summary>
internal sealed class ItemWorkStore(Database database, TimeProvider time)
{
    public const string CancelledError = "Its job was cancelled.";

    /// <summary>Marks the job's item as being processed. Null when the item is gone or has newer data under another job.</summary>
    public Task<Item?> BeginAsync(Guid job, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                Item? item = await session.Context.Set<Item>().SingleOrDefaultAsync(row => row.JobId == job, stop);
                if (item is { Status: ItemStatus.Accepted })
                {
                    item.Status = ItemStatus.Processing;
                    Touch(item);
                    await session.Context.SaveChangesAsync(stop);
                }

                return item;
            },
            token);

    /// <summary>Writes down what came out. True when the user had the job cancelled before: the item has failed for that.</summary>
    /// <exception cref="LeaseLostException">The job is another worker's; nothing was written.</exception>
    public Task<bool> FinishAsync(JobLease lease, ItemResult result, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                bool cancelled = await JobStore.ProgressAsync(session, lease, 1, stop);
                await EndAsync(session, lease, cancelled ? null : result, CancelledError, stop);
                return cancelled;
            },
            token);

    /// <summary>Writes down why nothing came out, unless the item is over already.</summary>
    /// <exception cref="LeaseLostException">The job is another worker's; nothing was written.</exception>
    public Task FailAsync(JobLease lease, string error, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                await JobStore.ProgressAsync(session, lease, 0, stop);
                await EndAsync(session, lease, null, error, stop);
            },
            token);

    private async Task EndAsync(WriteSession session, JobLease lease, ItemResult? result, string error, CancellationToken token)
    {
        Item? item = await session.Context.Set<Item>().SingleOrDefaultAsync(row => row.JobId == lease.JobId, token);
        if (item is null or { IsOver: true })
        {
            return;
        }

        item.Status = result is null ? ItemStatus.Failed : ItemStatus.Processed;
        (item.Length, item.Words, item.Sha256) = (result?.Length, result?.Words, result?.Sha256);
        item.Error = result is null ? error : null;
        Touch(item);
        await session.Context.SaveChangesAsync(token);
    }

    private void Touch(Item item)
    {
        item.Version++;
        item.UpdatedAt = time.GetUtcNow();
    }
}
