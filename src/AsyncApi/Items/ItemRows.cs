using AsyncApi.Storage;

namespace AsyncApi.Items;

/// <summary>
/// The statements of the items' hot routes, past EF Core: by a measurement it took most of their time
/// (docs/decisions/0006-prepared-statements-for-items.md). Both find each other's rows.
/// </summary>
internal static class ItemRows
{
    private const string Columns = "id, name, data, status, job_id, version, length, words, sha256, error, created_at, updated_at";
    private const string One = $"select {Columns} from items where id = ?1";
    private const string Newest = $"select {Columns} from items where id < ?1 order by id desc limit ?2";

    private const string Insert =
        "insert into items (name, data, status, job_id, version, created_at, updated_at) values (?1, ?2, 'accepted', ?3, ?4, ?5, ?6) returning id";

    private const string Begin =
        "update items set status = 'processing', version = version + 1, updated_at = ?2 where job_id = ?1 and status = 'accepted' returning data";

    private const string End =
        "update items set status = ?2, version = version + 1, updated_at = ?3, length = ?4, words = ?5, sha256 = ?6, error = ?7 "
        + "where job_id = ?1 and status in ('accepted', 'processing')";

    public static async ValueTask<Item?> FindAsync(ReadSession session, long id, CancellationToken token)
    {
        Statement one = session.Prepare(One);
        one.BindInt64(1, id);
        return await one.StepAsync(token) ? Read(one) : null;
    }

    /// <summary>Steps through the newest items behind a place.</summary>
    public static Statement ListNewest(ReadSession session, long before, int limit)
    {
        Statement newest = session.Prepare(Newest);
        newest.BindInt64(1, before);
        newest.BindInt64(2, limit);
        return newest;
    }

    /// <summary>Writes a new item and gives it its number.</summary>
    public static async ValueTask InsertAsync(WriteSession session, Item item, CancellationToken token)
    {
        Statement insert = session.Prepare(Insert);
        insert.BindText(1, item.Name);
        insert.BindText(2, item.Data);
        insert.BindGuid(3, item.JobId);
        insert.BindInt64(4, item.Version);
        insert.BindTime(5, item.CreatedAt);
        insert.BindTime(6, item.UpdatedAt);
        item.Id = await insert.ReadInt64Async(token);
    }

    /// <summary>The data of the job's item, which is being processed from now on; null when there is none that waits for it.</summary>
    public static async ValueTask<string?> BeginAsync(WriteSession session, Guid job, DateTimeOffset now, CancellationToken token)
    {
        Statement begin = session.Prepare(Begin);
        begin.BindGuid(1, job);
        begin.BindTime(2, now);
        string? data = await begin.StepAsync(token) ? begin.ColumnString(0) : null;
        await begin.ResetAsync();
        return data;
    }

    /// <summary>Ends the job's item, if it has one that is not over.</summary>
    public static ValueTask<int> EndAsync(
        WriteSession session, Guid job, ItemResult? result, string error, DateTimeOffset now, CancellationToken token)
    {
        Statement end = session.Prepare(End);
        end.BindGuid(1, job);
        end.BindText(2, result is null ? "failed" : "processed");
        end.BindTime(3, now);
        end.BindInt64(4, result?.Length);
        end.BindInt64(5, result?.Words);
        end.BindText(6, result?.Sha256);
        end.BindText(7, result is null ? error : null);
        return end.ExecuteAsync(token);
    }

    public static Item Read(Statement row) => new()
    {
        Id = row.ColumnInt64(0),
        Name = row.ColumnString(1),
        Data = row.ColumnString(2)!,
        Status = StatusOf(row.ColumnTextSpan(3)),
        JobId = row.ColumnGuid(4),
        Version = row.ColumnInt64(5),
        Length = row.ColumnIsNull(6) ? null : row.ColumnInt64(6),
        Words = row.ColumnIsNull(7) ? null : row.ColumnInt64(7),
        Sha256 = row.ColumnString(8),
        Error = row.ColumnString(9),
        CreatedAt = row.ColumnTime(10)!.Value,
        UpdatedAt = row.ColumnTime(11)!.Value,
    };

    private static ItemStatus StatusOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("processed"u8) ? ItemStatus.Processed
        : name.SequenceEqual("accepted"u8) ? ItemStatus.Accepted
        : name.SequenceEqual("processing"u8) ? ItemStatus.Processing
        : ItemStatus.Failed;
}
