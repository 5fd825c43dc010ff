using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Items;

/// <summary>
/// Handles an item's data. A job whose item was replaced or deleted ends as cancelled and leaves no trace on what is there now. A full
/// disk is not the item's fault: it waits for room.
/// </summary>
internal sealed class ItemJobHandler(ItemWorkStore items, StoragePatience patience) : IJobHandler
{
    public string Kind => Item.JobKind;

    public async Task<JobOutcome> RunAsync(JobWork work)
    {
        if (work.Cancelled.IsCancellationRequested)
        {
            await FailAsync(work, ItemWorkStore.CancelledError);
            return JobOutcome.Cancelled;
        }

        ItemWork found = await patience.RunAsync(stop => items.BeginAsync(work.Lease.JobId, stop), work.Aborted);
        if (found.Data is not { } data)
        {
            return OutcomeOf(found.Item);
        }

        ItemResult result = ItemResult.Of(data);
        bool cancelled = await patience.RunAsync(stop => items.FinishAsync(work.Lease, result, stop), work.Aborted);
        return cancelled ? JobOutcome.Cancelled : JobOutcome.Completed;
    }

    public Task GiveUpAsync(JobWork work)
    {
        string error = work.Lease.Job.Crashes >= JobStore.MaxCrashes ? JobStore.DiedTooOften : "It could not be processed; the log has more.";
        return FailAsync(work, error);
    }

    private static JobOutcome OutcomeOf(Item? item) => item?.Status switch
    {
        null => JobOutcome.Cancelled,
        ItemStatus.Failed => new JobOutcome.Over(JobStatus.Failed, item.Error),
        _ => JobOutcome.Completed,
    };

    private async Task FailAsync(JobWork work, string error) => await patience.RunAsync(
        async stop =>
        {
            await items.FailAsync(work.Lease, error, stop);
            return true;
        },
        work.Aborted);
}
