using AsyncApi.Jobs;

namespace AsyncApi.Items;

/// <summary>Handles an item's data. A job whose item was replaced or deleted ends as cancelled and leaves no trace on what is there now.</summary>
internal sealed class ItemJobHandler(ItemWorkStore items) : IJobHandler
{
    public string Kind => Item.JobKind;

    public async Task<JobOutcome> RunAsync(JobWork work)
    {
        if (work.Cancelled.IsCancellationRequested)
        {
            await items.FailAsync(work.Lease, ItemWorkStore.CancelledError, work.Aborted);
            return JobOutcome.Cancelled;
        }

        ItemWork found = await items.BeginAsync(work.Lease.JobId, work.Aborted);
        if (found.Data is not { } data)
        {
            return OutcomeOf(found.Item);
        }

        bool cancelled = await items.FinishAsync(work.Lease, ItemResult.Of(data), work.Aborted);
        return cancelled ? JobOutcome.Cancelled : JobOutcome.Completed;
    }

    private static JobOutcome OutcomeOf(Item? item) => item?.Status switch
    {
        null => JobOutcome.Cancelled,
        ItemStatus.Failed => new JobOutcome.Over(JobStatus.Failed, item.Error),
        _ => JobOutcome.Completed,
    };

    public Task GiveUpAsync(JobWork work)
    {
        string error = work.Lease.Job.Crashes >= JobStore.MaxCrashes ? JobStore.DiedTooOften : "It could not be processed; the log has more.";
        return items.FailAsync(work.Lease, error, work.Aborted);
    }
}
