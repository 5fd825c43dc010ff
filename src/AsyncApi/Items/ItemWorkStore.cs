using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Items;

/// <summary>The items' rows, as their jobs see and change them. A job that an item no longer names changes nothing of it.</summary>
internal sealed class ItemWorkStore(Database database, TimeProvider time)
{
    public const string CancelledError = "Its job was cancelled.";

    /// <summary>Marks the job's item as being processed.</summary>
    public Task<ItemWork> BeginAsync(Guid job, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                if (await ItemRows.BeginAsync(session, job, time.GetUtcNow(), stop) is { } data)
                {
                    return new ItemWork(data, null);
                }

                // Replaced or deleted; or begun by an earlier claim that did not come to its own end.
                Item? item = await session.Context.Set<Item>().AsNoTracking().SingleOrDefaultAsync(row => row.JobId == job, stop);
                return new ItemWork(item is { IsOver: false } ? item.Data : null, item);
            },
            token);

    /// <summary>Writes down what came out. True when the user had the job cancelled before: the item has failed for that.</summary>
    /// <exception cref="LeaseLostException">The job is another worker's; nothing was written.</exception>
    public Task<bool> FinishAsync(JobLease lease, ItemResult result, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                bool cancelled = await JobStore.ProgressAsync(session, lease, 1, stop);
                await ItemRows.EndAsync(session, lease.JobId, cancelled ? null : result, CancelledError, time.GetUtcNow(), stop);
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
                await ItemRows.EndAsync(session, lease.JobId, null, error, time.GetUtcNow(), stop);
            },
            token);
}

/// <summary>What a job finds when it begins.</summary>
/// <param name="Data">What is to be processed; null when nothing is.</param>
/// <param name="Item">Where nothing is: the item, over already; null too when it is gone or has newer data under another job.</param>
internal sealed record ItemWork(string? Data, Item? Item);
