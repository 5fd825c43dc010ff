using System.Runtime.InteropServices;
using AsyncApi.Fetching;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Results;

/// <summary>
/// Reads results by prepared statements: there may be a million of them, and any number of readers. No call keeps a connection
/// for longer than it takes to look at <see cref="Window"/> rows.
/// </summary>
internal sealed class ResultReader(Database database)
{
    /// <summary>The most rows of one call.</summary>
    public const int MaxSlice = 500;

    /// <summary>How many rows a call looks at to find those that pass the filters.</summary>
    public const int Window = 5_000;

    private const string Rows =
        """
        select r.id, r.request_id, r.outcome, r.reason, r.message, r.status, r.attempts, r.started_at, r.duration_us, r.waited_us,
            r.final_url, r.content_type, r.headers, r.body_bytes, r.body_truncated, r.body_place, q.tag, q.method, q.url,
            r.waited_for, r.first_byte_us, r.address, r.timeline
        from fetch_results r cross join fetch_requests q
        where q.id = r.request_id
        """;

    // A cross join is read from left to right: with the order given by the results' own key, no filter makes SQLite sort.
    private const string Filters =
        """
         and (?3 is null or r.outcome = ?3) and (?4 is null or r.status = ?4) and (?5 is null or q.tag = ?5)
         and (?6 is null or q.host_id in (select h.id from fetch_hosts h where h.fetch_key = ?6
            and (h.host between 'https://' || ?7 and 'https://' || ?8 or h.host between 'http://' || ?7 and 'http://' || ?8)))
        """;

    private const string ByCompletion = $"{Rows} and r.id > ?1 and r.id <= ?2 {Filters} order by r.id limit ?9";
    private const string BySubmission = $"{Rows} and r.request_id > ?1 and r.request_id <= ?2 {Filters} order by r.request_id limit ?9";
    private const string One = $"{Rows} and r.request_id = ?1";
    private const string LastByCompletion = "select max(id) from fetch_results where id > ?1 and id <= ?2";
    private const string LastBySubmission = "select max(request_id) from fetch_results where request_id > ?1 and request_id <= ?2";
    private const string Open = "select 1 from fetches f join jobs j on j.id = f.job_id where f.key = ?1 and j.finished_at is null";

    /// <summary>The next rows behind a place (<see cref="ResultQuery.Start"/> or <see cref="ResultSlice.Place"/>), at most <paramref name="limit"/>.</summary>
    public async Task<ResultSlice> ReadAsync(long fetchKey, ResultQuery query, int after, int limit, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        // Asked before the rows are read: what was over then has no more rows than those.
        bool over = await IsOverAsync(session, fetchKey, token);
        // Not by RowKey, since the place before the first index is -1.
        long first = RowKey.Of(fetchKey, 0);
        long last = await LastKeyAsync(session, fetchKey, query.Order, first + after, token);
        if (last == 0)
            return new ResultSlice([], after, AtEnd: true, over);
        long end = Math.Min(last, first + after + Window);
        List<ResultRow> rows = [];
        Statement statement = session.Prepare(query.Order == ResultOrder.Completion ? ByCompletion : BySubmission);
        Bind(statement, fetchKey, query, limit);
        statement.BindInt64(1, first + after);
        statement.BindInt64(2, end);
        while (await statement.StepAsync(token))
            rows.Add(Row(statement, fetchKey, query));
        int place = rows.Count == limit ? query.PlaceOf(rows[^1]) : (int)(end - first);
        return new ResultSlice(rows, place, first + place >= last, over);
    }

    /// <summary>The result of one request; null while there is none.</summary>
    public async Task<ResultRow?> FindAsync(long fetchKey, int index, ResultQuery query, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        Statement statement = session.Prepare(One);
        statement.BindInt64(1, RowKey.Of(fetchKey, index));
        return await statement.StepAsync(token) ? Row(statement, fetchKey, query) : null;
    }

    private static async ValueTask<bool> IsOverAsync(ReadSession session, long fetchKey, CancellationToken token)
    {
        Statement statement = session.Prepare(Open);
        statement.BindInt64(1, fetchKey);
        return !await statement.StepAsync(token);
    }

    // 0, which is below every key, when there are no rows behind the place.
    private static async ValueTask<long> LastKeyAsync(ReadSession session, long fetchKey, ResultOrder order, long after, CancellationToken token)
    {
        Statement statement = session.Prepare(order == ResultOrder.Completion ? LastByCompletion : LastBySubmission);
        statement.BindInt64(1, after);
        statement.BindInt64(2, RowKey.LastOf(fetchKey));
        return await statement.StepAsync(token) ? statement.ColumnInt64(0) : 0;
    }

    private static void Bind(Statement statement, long fetchKey, ResultQuery query, int limit)
    {
        statement.BindInt64(3, (long?)query.Outcome);
        statement.BindInt64(4, query.Status);
        statement.BindText(5, query.Tag);
        statement.BindInt64(6, query.Host is null ? null : fetchKey);
        statement.BindText(7, query.Host?.From);
        statement.BindText(8, query.Host?.To);
        statement.BindInt64(9, limit);
    }

    private static ResultRow Row(Statement row, long fetchKey, ResultQuery query) => new()
    {
        FetchKey = fetchKey,
        Seq = RowKey.NumberOf(row.ColumnInt64(0)),
        Index = RowKey.NumberOf(row.ColumnInt64(1)),
        Outcome = (FetchOutcome)row.ColumnInt64(2),
        Reason = (FetchReason)row.ColumnInt64(3),
        Message = row.ColumnString(4),
        Status = (int)row.ColumnInt64(5),
        Attempts = (int)row.ColumnInt64(6),
        StartedAt = row.ColumnTime(7),
        DurationMicroseconds = row.ColumnInt64(8),
        WaitedMicroseconds = row.ColumnInt64(9),
        FinalUrl = row.ColumnString(10),
        ContentType = row.ColumnString(11),
        Headers = query.IncludesHeaders && !row.ColumnIsNull(12) ? row.ColumnBlobSpan(12).ToArray() : null,
        BodyBytes = row.ColumnInt64(13),
        BodyTruncated = row.ColumnBool(14),
        BodyPlace = (BodyPlace)row.ColumnInt64(15),
        Tag = row.ColumnString(16),
        Method = row.ColumnString(17) ?? "GET",
        Url = row.ColumnString(18)!,
        WaitedFor = (FetchWaitReason)row.ColumnInt64(19),
        FirstByteMicroseconds = row.ColumnIsNull(20) ? null : row.ColumnInt64(20),
        Address = query.IncludesAttempts ? row.ColumnString(21) : null,
        Timeline = query.IncludesAttempts && !row.ColumnIsNull(22) ? row.ColumnBlobSpan(22).ToArray() : null,
    };
}

/// <summary>Rows that were read in one go.</summary>
/// <param name="Rows">Those that passed the filters; there may be none though more follow.</param>
/// <param name="Place">How far the reading came: where the next one goes on.</param>
/// <param name="AtEnd">Nothing was behind that place.</param>
/// <param name="Over">The fetch was over before the rows were read: nothing comes any more.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ResultSlice(IReadOnlyList<ResultRow> Rows, int Place, bool AtEnd, bool Over);
