using System.Runtime.CompilerServices;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Preconditions;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Items;

/// <summary>The items' rows, as clients see and change them. An item and its job are written in one transaction.</summary>
internal sealed class ItemStore(Database database, TimeProvider time)
{
    // A page of a thousand of the largest items would be 64 MB in memory: it ends sooner and says how to go on.
    private const int MaxPageCharacters = 4 * 1024 * 1024;

    private const int Accepted = 202;

    // What a fetch without a priority has, too.
    private const int NormalPriority = 4;

    public async Task<Item?> FindAsync(long id, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await ItemRows.FindAsync(session, id, token);
    }

    /// <summary>Newest first, up to the limit or to some megabytes, and whether there are more.</summary>
    public async Task<(IReadOnlyList<Item> Items, bool More)> ListAsync(ItemFilter filter, long? before, int limit, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        long from = before ?? long.MaxValue;
        IAsyncEnumerable<Item> rows = filter.ShowsAll
            ? ReadNewestAsync(session, from, limit + 1, token)
            : filter.ApplyTo(session.Context.Set<Item>())
                .Where(item => item.Id < from)
                .OrderByDescending(item => item.Id)
                .Take(limit + 1)
                .AsAsyncEnumerable();
        List<Item> items = [];
        long characters = 0;
        await foreach (Item item in rows.WithCancellation(token))
        {
            if (items.Count == limit || characters > MaxPageCharacters)
            {
                return (items, true);
            }

            items.Add(item);
            characters += item.Data.Length;
        }

        return (items, false);
    }

    private static async IAsyncEnumerable<Item> ReadNewestAsync(
        ReadSession session, long before, int limit, [EnumeratorCancellation] CancellationToken token)
    {
        Statement newest = ItemRows.ListNewest(session, before, limit);
        while (await newest.StepAsync(token))
        {
            yield return ItemRows.Read(newest);
        }
    }

    /// <summary>When this returns, the item and its job are on disk, and the answer for the request's key.</summary>
    public async Task<Item> AddAsync(ItemDraft draft, ItemOrigin origin, CancellationToken token)
    {
        Job job = NewJob(draft, origin.RequestId);
        Item item = new()
        {
            Name = draft.Name,
            Data = draft.Data,
            Status = ItemStatus.Accepted,
            JobId = job.Id,
            Version = 1,
            CreatedAt = job.CreatedAt,
            UpdatedAt = job.CreatedAt,
        };
        await database.WriteAsync(
            async (session, stop) =>
            {
                await ItemRows.InsertAsync(session, item, stop);
                await JobRows.InsertAsync(session, job, stop);
                await origin.Idempotency.KeepAsync(session, Accepted, item.Path, ItemAccepted.Of(item), stop);
            },
            token);
        return item;
    }

    /// <summary>Replaces name and data, under a new job, if the item is still as the client believes.</summary>
    public Task<ItemChange> ReplaceAsync(long id, ItemDraft draft, Precondition precondition, string requestId, CancellationToken token) =>
        ChangeAsync(
            id,
            precondition,
            (context, item) =>
            {
                Job job = NewJob(draft, requestId);
                context.Add(job);
                item.Name = draft.Name;
                item.Data = draft.Data;
                item.Status = ItemStatus.Accepted;
                item.JobId = job.Id;
                item.Version++;
                (item.Length, item.Words, item.Sha256, item.Error) = (null, null, null, null);
                item.UpdatedAt = job.CreatedAt;
            },
            token);

    public Task<ItemChange> RemoveAsync(long id, Precondition precondition, CancellationToken token) =>
        ChangeAsync(id, precondition, (context, item) => context.Remove(item), token);

    private Task<ItemChange> ChangeAsync(long id, Precondition precondition, Action<DbContext, Item> change, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                Item? item = await session.Context.Set<Item>().SingleOrDefaultAsync(row => row.Id == id, stop);
                if (item is null)
                {
                    return ItemChange.Missing;
                }

                if (!precondition.Allows(item.Version))
                {
                    return ItemChange.Stale;
                }

                Guid? unfinished = item.IsOver ? null : item.JobId;
                change(session.Context, item);
                await session.Context.SaveChangesAsync(stop);
                return new ItemChange(item, Unfinished: unfinished);
            },
            token);

    private Job NewJob(ItemDraft draft, string requestId)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new Job
        {
            Id = Guid.CreateVersion7(now),
            Kind = Item.JobKind,
            Status = JobStatus.Queued,
            Label = draft.Name,
            Priority = NormalPriority,
            Total = 1,
            RequestId = requestId,
            CreatedAt = now,
        };
    }
}

/// <summary>The request that an item came with.</summary>
internal sealed record ItemOrigin(string RequestId, IdempotencyTicket Idempotency);

/// <summary>What came of a change.</summary>
/// <param name="Item">The item after it; null when nothing was changed.</param>
/// <param name="IsStale">Nothing was changed because the item is not at the version that the client believes.</param>
/// <param name="Unfinished">The job that handled what there was before, and had not ended: nobody needs it any more.</param>
internal sealed record ItemChange(Item? Item, bool IsStale = false, Guid? Unfinished = null)
{
    public static ItemChange Missing { get; } = new((Item?)null);

    public static ItemChange Stale { get; } = new(null, IsStale: true);
}
