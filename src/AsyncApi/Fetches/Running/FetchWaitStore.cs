using System.Text.Json;
using AsyncApi.Fetching;
using AsyncApi.Http;
using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Running;

/// <summary>The requests between two attempts, as far as a crash must not forget them.</summary>
internal sealed class FetchWaitStore(Database database)
{
    private const string Upsert =
        "insert into fetch_waits (request_id, not_before, waits_for, timeline) values (?1, ?2, ?3, ?4) "
        + "on conflict (request_id) do update set not_before = excluded.not_before, waits_for = excluded.waits_for, timeline = excluded.timeline";

    private const string Delete = "delete from fetch_waits where request_id = ?1";

    /// <exception cref="LeaseLostException">The lease was lost; nothing was written.</exception>
    public Task WriteAsync(JobLease lease, long fetchKey, IReadOnlyList<KeyValuePair<int, FetchRetryWait>> waits, CancellationToken token) =>
        database.WriteLingeringAsync(
            async (session, stop) =>
            {
                await JobStore.ThrowIfLostAsync(session, lease, stop);
                Statement upsert = session.Prepare(Upsert);
                foreach ((int index, FetchRetryWait wait) in waits)
                {
                    upsert.BindInt64(1, RowKey.Of(fetchKey, index));
                    upsert.BindTime(2, wait.NotBefore);
                    upsert.BindInt64(3, (int)wait.WaitsFor);
                    upsert.BindBlob(4, JsonSerializer.SerializeToUtf8Bytes(wait.Timeline.Select(AttemptView.Of), JsonDefaults.Options));
                    await upsert.ExecuteAsync(stop);
                }
            },
            token);

    /// <summary>Part of the transaction that writes the request's result.</summary>
    public static async ValueTask ForgetAsync(WriteSession session, long requestKey, CancellationToken token)
    {
        Statement delete = session.Prepare(Delete);
        delete.BindInt64(1, requestKey);
        await delete.ExecuteAsync(token);
    }

    /// <summary>The wait in three columns of a row, if there is one.</summary>
    public static FetchRetryWait? Read(Statement row, int column) => row.ColumnIsNull(column)
        ? null
        : new FetchRetryWait(
            row.ColumnTime(column)!.Value,
            [.. JsonSerializer.Deserialize<AttemptView[]>(row.ColumnBlobSpan(column + 2), JsonDefaults.Options)!.Select(attempt => attempt.ToAttempt())],
            (FetchWaitReason)row.ColumnInt64(column + 1));
}
