using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Fetches.Submission;

/// <summary>Sweeps up what submissions left that never came to their end. Nobody was promised anything of it.</summary>
internal sealed class UnfinishedFetchesStore(Database database, TimeProvider time)
{
    // Others wait for the writer meanwhile.
    private const int RowsAtOnce = 5_000;

    /// <summary>To be called before any submission is taken in. Does nothing while another process lives, which may be receiving one.</summary>
    public async Task RemoveAllAsync(CancellationToken token)
    {
        List<long> keys;
        using (ReadSession session = await database.OpenReadAsync(token))
        {
            DateTimeOffset silent = time.GetUtcNow() - WorkerStore.Silence;
            if (database.IsShared && await session.Context.Set<Worker>().AnyAsync(worker => worker.LastSeen > silent, token))
            {
                return;
            }

            keys = await session.Context.Set<Fetch>().Where(fetch => fetch.JobId == null).Select(fetch => fetch.Key).ToListAsync(token);
        }

        foreach (long key in keys)
        {
            await RemoveAsync(database, key, token);
        }
    }

    /// <summary>Removes the rows of a fetch without a job, the fetch itself last.</summary>
    public static async Task RemoveAsync(Database database, long fetchKey, CancellationToken token)
    {
        while (await database.WriteAsync((session, stop) => RemoveRequestsAsync(session, fetchKey, stop), token) == RowsAtOnce)
        {
            // Once more.
        }

        await database.WriteAsync(
            async (session, stop) =>
            {
                await session.Context.Set<FetchHostRow>().Where(host => host.FetchKey == fetchKey).ExecuteDeleteAsync(stop);
                await session.Context.Set<Fetch>().Where(fetch => fetch.Key == fetchKey && fetch.JobId == null).ExecuteDeleteAsync(stop);
            },
            token);
    }

    private static ValueTask<int> RemoveRequestsAsync(WriteSession session, long fetchKey, CancellationToken token)
    {
        Statement delete = session.Prepare(
            "delete from fetch_requests where id in (select id from fetch_requests where id between ?1 and ?2 limit ?3)");
        delete.BindInt64(1, RowKey.Of(fetchKey, 0));
        delete.BindInt64(2, RowKey.LastOf(fetchKey));
        delete.BindInt64(3, RowsAtOnce);
        return delete.ExecuteAsync(token);
    }
}
