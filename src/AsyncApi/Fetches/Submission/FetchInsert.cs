using AsyncApi.Storage;

namespace AsyncApi.Fetches.Submission;

/// <summary>Adds a fetch, which exists for nobody until it has its job. Past EF Core: many may be made in one moment.</summary>
internal static class FetchInsert
{
    private const string Add =
        "insert into fetches (options, total, succeeded, failed, cancelled, bytes, retries) values (?1, 0, 0, 0, 0, 0, 0) returning key";

    private const string Join = "update fetches set job_id = ?2, total = ?3 where key = ?1";

    /// <summary>Gives its key.</summary>
    public static async ValueTask<long> AddAsync(WriteSession session, string options, CancellationToken token)
    {
        Statement add = session.Prepare(Add);
        add.BindText(1, options);
        return await add.ReadInt64Async(token);
    }

    /// <summary>Part of the transaction that makes its job.</summary>
    public static async ValueTask JoinAsync(WriteSession session, Fetch fetch, CancellationToken token)
    {
        Statement join = session.Prepare(Join);
        join.BindInt64(1, fetch.Key);
        join.BindGuid(2, fetch.JobId);
        join.BindInt64(3, fetch.Total);
        if (await join.ExecuteAsync(token) != 1)
        {
            throw new InvalidOperationException($"Fetch {fetch.Key} was removed while it was received.");
        }
    }
}
