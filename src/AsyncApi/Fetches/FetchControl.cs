using AsyncApi.Fetches.Running;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches;

/// <summary>What users change about fetches: the rows first, then the run.</summary>
internal sealed class FetchControl(FetchStore fetches, LiveFetches live, JobSignals signals)
{
    /// <summary>Null when there is no such fetch. One that is over comes back as it was; else the change is in force when this returns.</summary>
    public async Task<FetchRecord?> ChangeAsync(Guid id, FetchChange change, CancellationToken token)
    {
        FetchRecord? record = await fetches.ChangeAsync(id, change, token);
        if (record is not null && !record.Job.Status.IsOver())
        {
            // No token: what is in the rows has to come into force, whoever has left.
            await (live.Find(id)?.RefreshAsync(CancellationToken.None) ?? Task.CompletedTask);
            signals.Changed(id);
        }

        return record;
    }
}
