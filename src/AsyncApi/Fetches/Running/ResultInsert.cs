using AsyncApi.Fetching;
using AsyncApi.Storage;
using SQLitePCL;

namespace AsyncApi.Fetches.Running;

/// <summary>The statements by which results enter the database: the hot path of every fetch.</summary>
internal static class ResultInsert
{
    private const string Result =
        "insert into fetch_results (id, request_id, outcome, reason, message, status, attempts, started_at, duration_us, waited_us, "
        + "final_url, content_type, headers, body_bytes, body_truncated, body_place) "
        + "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

    private const string Body = "insert into fetch_bodies (id, body) values (?1, ?2)";

    public static void Execute(WriteSession session, long rowKey, long requestKey, FetchResult result, ReadOnlySpan<byte> headers, bool storeBody)
    {
        PreparedStatement insert = session.Prepare(Result);
        BodyPlace place = !storeBody || result.Body.Length == 0 ? BodyPlace.None : result.Body.File is null ? BodyPlace.Row : BodyPlace.File;
        Bind(insert, rowKey, requestKey, result.Outcome, result.Reason, result.Message);
        insert.BindInt64(6, result.Status);
        insert.BindInt64(7, result.Attempts);
        insert.BindInt64(8, result.StartedAt.ToUnixTimeMilliseconds());
        insert.BindInt64(9, (long)result.Duration.TotalMicroseconds);
        insert.BindInt64(10, (long)result.Waited.TotalMicroseconds);
        BindText(insert, 11, result.FinalUrl?.AbsoluteUri);
        BindText(insert, 12, result.ContentType);
        if (headers.IsEmpty)
        {
            insert.BindNull(13);
        }
        else
        {
            insert.BindBlob(13, headers);
        }

        insert.BindInt64(14, result.Body.Length);
        insert.BindInt64(15, result.Body.Truncated ? 1 : 0);
        insert.BindInt64(16, (int)place);
        insert.Execute();
        if (place == BodyPlace.Row)
        {
            PreparedStatement body = session.Prepare(Body);
            body.BindInt64(1, rowKey);
            body.BindBlob(2, result.Body.Memory.Span);
            body.Execute();
        }
    }

    /// <summary>A result without an answer: refused, or cancelled.</summary>
    public static void Execute(WriteSession session, long rowKey, long requestKey, FetchReason reason, string message, FetchResult? made = null)
    {
        PreparedStatement insert = session.Prepare(Result);
        FetchOutcome outcome = reason is FetchReason.Cancelled or FetchReason.Stopped ? FetchOutcome.Cancelled : FetchOutcome.Failed;
        Bind(insert, rowKey, requestKey, outcome, reason, message);
        insert.BindInt64(6, 0);
        insert.BindInt64(7, made?.Attempts ?? 0);
        insert.BindInt64(8, made?.StartedAt.ToUnixTimeMilliseconds());
        insert.BindInt64(9, (long)(made?.Duration.TotalMicroseconds ?? 0));
        insert.BindInt64(10, (long)(made?.Waited.TotalMicroseconds ?? 0));
        insert.BindInt64(14, 0);
        insert.BindInt64(15, 0);
        insert.BindInt64(16, (int)BodyPlace.None);
        insert.Execute();
    }

    private static void Bind(PreparedStatement insert, long rowKey, long requestKey, FetchOutcome outcome, FetchReason reason, string? message)
    {
        insert.BindInt64(1, rowKey);
        insert.BindInt64(2, requestKey);
        insert.BindInt64(3, (int)outcome);
        insert.BindInt64(4, (int)reason);
        BindText(insert, 5, message);
    }

    private static void BindText(PreparedStatement statement, int index, string? text)
    {
        if (text is null)
        {
            statement.BindNull(index);
        }
        else
        {
            statement.BindText(index, text);
        }
    }
}
