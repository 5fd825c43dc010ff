using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>What a claim came to.</summary>
/// <param name="Leases">The jobs that are the worker's now.</param>
/// <param name="NextDue">When the next job that was put off is to start; null when there is none.</param>
internal sealed record JobClaim(IReadOnlyList<JobLease> Leases, DateTimeOffset? NextDue);

/// <summary>Gives work to workers. Everything about who gets which job is here, in one transaction.</summary>
internal sealed class JobClaimStore(Database database, TimeProvider time)
{
    private const int EndedAtOnce = 100;

    /// <summary>
    /// Gives up to <paramref name="limit"/> queued jobs to <paramref name="owner"/>, those first that came first, the classes of
    /// priority by their <see cref="ClaimShares"/>. Cancelling jobs that nobody has come besides: they are claimed only to be
    /// ended, and wait for no slot. An owner that was given up for dead gets nothing: it has yet to learn that.
    /// </summary>
    public Task<JobClaim> ClaimAsync(Guid owner, int limit, ClaimShares shares, CancellationToken token) =>
        database.WriteLockingAsync(
            async (session, stop) =>
            {
                DateTimeOffset now = time.GetUtcNow();
                await JobRows.QueueDueAsync(session, now, stop);
                List<long> chosen = await WorkerStore.StandsAsync(session, owner, stop) ? await ChooseAsync(session, limit, shares, stop) : [];
                List<JobLease> leases = new(chosen.Count);
                foreach (long number in chosen)
                {
                    leases.Add(await JobRows.TakeAsync(session, number, owner, now, stop));
                }

                return new JobClaim(leases, await JobRows.NextDueAsync(session, stop));
            },
            token);

    private static async Task<List<long>> ChooseAsync(WriteSession session, int limit, ClaimShares shares, CancellationToken token) =>
    [
        .. await ChooseQueuedAsync(session, limit, shares, token),
        .. await JobRows.ListCancellingAsync(session, EndedAtOnce, token),
    ];

    private static async Task<List<long>> ChooseQueuedAsync(WriteSession session, int limit, ClaimShares shares, CancellationToken token)
    {
        if (limit == 0)
        {
            return [];
        }

        List<long>[] classes = new List<long>[ClaimShares.Weights.Count];
        for (int i = 0; i < classes.Length; i++)
        {
            classes[i] = await JobRows.ListQueuedAsync(session, ClaimShares.Weights[i], limit, token);
        }

        int[] chosen = shares.Divide(limit, [.. classes.Select(numbers => numbers.Count)]);
        return [.. classes.SelectMany((numbers, i) => numbers.Take(chosen[i]))];
    }
}
