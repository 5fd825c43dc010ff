using AsyncApi.Http.Preconditions;
using AsyncApi.Jobs;

namespace AsyncApi.Items;

/// <summary>What clients do to items: the rows first, then those who wait for them or work on what they were.</summary>
internal sealed class ItemControl(ItemStore items, JobControl control, JobWakeUp wakeUp, JobWaiting waiting)
{
    public async Task<Item> AddAsync(ItemDraft draft, ItemOrigin origin, CancellationToken token)
    {
        Item item = await items.AddAsync(draft, origin, token);
        wakeUp.Ring();
        return item;
    }

    public async Task<ItemChange> ReplaceAsync(long id, ItemDraft draft, Precondition precondition, string requestId, CancellationToken token)
    {
        ItemChange change = await items.ReplaceAsync(id, draft, precondition, requestId, token);
        wakeUp.Ring();
        await EndAsync(change.Unfinished);
        return change;
    }

    public async Task<ItemChange> RemoveAsync(long id, Precondition precondition, CancellationToken token)
    {
        ItemChange change = await items.RemoveAsync(id, precondition, token);
        await EndAsync(change.Unfinished);
        return change;
    }

    /// <summary>The item as it is when its job is over or the time has passed; null when it was deleted meanwhile.</summary>
    public async Task<Item?> UntilOverAsync(Item item, TimeSpan atMost, CancellationToken token)
    {
        await waiting.UntilOverAsync(item.JobId, atMost, token);
        return await items.FindAsync(item.Id, token);
    }

    // No token: the item is changed, whether the client is still there or not. If the process dies here, the job finds out by itself.
    private async Task EndAsync(Guid? job)
    {
        if (job is { } unfinished)
        {
            await control.CancelAsync(unfinished, CancellationToken.None);
        }
    }
}
