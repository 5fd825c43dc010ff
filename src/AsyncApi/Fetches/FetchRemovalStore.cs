using AsyncApi.Fetches.Results;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Fetches;

/// <summary>Removes the data of fetches that have no job and so are there for nobody: those that were deleted, and submissions that never came to their end.</summary>
internal sealed class FetchRemovalStore(Database database, BodyFiles files, TimeProvider time)
{
    // Others wait for the writer meanwhile. Bodies are much larger than the other rows.
    private const int RowsAtOnce = 1_000;
    private const int BodiesAtOnce = 100;

    /// <summary>Part of the transaction that deletes the job: from then on the fetch is there for nobody. Returns its key.</summary>
    public static async ValueTask<long?> HideAsync(WriteSession session, Guid job, CancellationToken token)
    {
        Fetch? fetch = await session.Context.Set<Fetch>().SingleOrDefaultAsync(row => row.JobId == job, token);
        if (fetch is not null)
        {
            fetch.JobId = null;
            await session.Context.SaveChangesAsync(token);
        }

        return fetch?.Key;
    }

    /// <summary>
    /// Those that have no job now. To be called before any submission is taken in, which has none either. None while another
    /// process lives, which may be receiving one.
    /// </summary>
    public async Task<IReadOnlyList<long>> ListAsync(CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        DateTimeOffset silent = time.GetUtcNow() - WorkerStore.Silence;
        if (database.IsShared && await session.Context.Set<Worker>().AnyAsync(worker => worker.LastSeen > silent, token))
        {
            return [];
        }

        return await session.Context.Set<Fetch>().Where(fetch => fetch.JobId == null).Select(fetch => fetch.Key).ToListAsync(token);
    }

    /// <summary>In bites; the fetch itself last, so that what is interrupted is found again.</summary>
    public async Task RemoveAsync(long fetchKey, CancellationToken token)
    {
        await RemoveRowsAsync("fetch_bodies", "id", fetchKey, BodiesAtOnce, token);
        await RemoveRowsAsync("fetch_body_parts", "id", fetchKey, BodiesAtOnce, token);
        await RemoveRowsAsync("fetch_results", "id", fetchKey, RowsAtOnce, token);
        await RemoveRowsAsync("fetch_waits", "request_id", fetchKey, RowsAtOnce, token);
        await RemoveRowsAsync("fetch_requests", "id", fetchKey, RowsAtOnce, token);
        string folder = files.FolderOf(fetchKey);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await database.WriteAsync(
            async (session, stop) =>
            {
                await session.Context.Set<FetchHostRow>().Where(host => host.FetchKey == fetchKey).ExecuteDeleteAsync(stop);
                await session.Context.Set<Fetch>().Where(fetch => fetch.Key == fetchKey && fetch.JobId == null).ExecuteDeleteAsync(stop);
            },
            token);
    }

    private async Task RemoveRowsAsync(string table, string key, long fetchKey, int atOnce, CancellationToken token)
    {
        string sql = $"delete from {table} where {key} in (select {key} from {table} where {key} between ?1 and ?2 limit ?3)";
        int removed;
        do
        {
            removed = await database.WriteLingeringAsync(
                (session, stop) =>
                {
                    Statement delete = session.Prepare(sql);
                    delete.BindInt64(1, RowKey.Of(fetchKey, 0));
                    delete.BindInt64(2, RowKey.LastOf(fetchKey));
                    delete.BindInt64(3, atOnce);
                    return delete.ExecuteAsync(stop);
                },
                token);
        }
        while (removed >= atOnce);
    }
}
