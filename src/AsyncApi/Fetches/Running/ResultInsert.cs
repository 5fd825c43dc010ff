using AsyncApi.Fetching;
using AsyncApi.Storage;
using SQLitePCL;

namespace AsyncApi.Fetches.Running;

/// <summary>
/// The statements by which results enter the database: the hot path of every fetch. For one command; it looks them up once, not
/// for each row.
/// </summary>
internal sealed class ResultInsert(WriteSession session)
{
    private const string Result =
        "insert into fetch_results (id, request_id, outcome, reason, message, status, attempts, started_at, duration_us, waited_us, "
        + "final_url, content_type, headers, body_bytes, body_truncated, body_place) "
        + "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

    private const string Body = "insert into fetch_bodies (id, body) values (?1, ?2)";

    private readonly PreparedStatement _result = session.Prepare(Result);
    private readonly PreparedStatement _body = session.Prepare(Body);

    public void Execute(long rowKey, long requestKey, FetchResult result, ReadOnlySpan<byte> headers, bool storeBody)
    {
        BodyPlace place = !storeBody || result.Body.Length == 0 ? BodyPlace.None : result.Body.File is null ? BodyPlace.Row : BodyPlace.File;
        Bind(rowKey, requestKey, result.Outcome, result.Reason, result.Message);
        _result.BindInt64(6, result.Status);
        _result.BindInt64(7, result.Attempts);
        _result.BindInt64(8, result.StartedAt.ToUnixTimeMilliseconds());
        _result.BindInt64(9, (long)result.Duration.TotalMicroseconds);
        _result.BindInt64(10, (long)result.Waited.TotalMicroseconds);
        BindText(11, result.FinalUrl?.AbsoluteUri);
        BindText(12, result.ContentType);
        if (!headers.IsEmpty)
        {
            _result.BindBlob(13, headers);
        }

        _result.BindInt64(14, result.Body.Length);
        _result.BindInt64(15, result.Body.Truncated ? 1 : 0);
        _result.BindInt64(16, (int)place);
        _result.Execute();
        if (place == BodyPlace.Row)
        {
            _body.BindInt64(1, rowKey);
            _body.BindBlob(2, result.Body.Memory.Span);
            _body.Execute();
        }
    }

    /// <summary>A result without an answer: refused, or cancelled.</summary>
    public void Execute(long rowKey, long requestKey, FetchReason reason, string message, FetchResult? made = null)
    {
        FetchOutcome outcome = reason is FetchReason.Cancelled or FetchReason.Stopped ? FetchOutcome.Cancelled : FetchOutcome.Failed;
        Bind(rowKey, requestKey, outcome, reason, message);
        _result.BindInt64(6, 0);
        _result.BindInt64(7, made?.Attempts ?? 0);
        _result.BindInt64(8, made?.StartedAt.ToUnixTimeMilliseconds());
        _result.BindInt64(9, (long)(made?.Duration.TotalMicroseconds ?? 0));
        _result.BindInt64(10, (long)(made?.Waited.TotalMicroseconds ?? 0));
        _result.BindInt64(14, 0);
        _result.BindInt64(15, 0);
        _result.BindInt64(16, (int)BodyPlace.None);
        _result.Execute();
    }

    private void Bind(long rowKey, long requestKey, FetchOutcome outcome, FetchReason reason, string? message)
    {
        _result.BindInt64(1, rowKey);
        _result.BindInt64(2, requestKey);
        _result.BindInt64(3, (int)outcome);
        _result.BindInt64(4, (int)reason);
        BindText(5, message);
    }

    // The run before left nothing bound, so what is null needs no call.
    private void BindText(int index, string? text)
    {
        if (text is not null)
        {
            _result.BindText(index, text);
        }
    }
}
