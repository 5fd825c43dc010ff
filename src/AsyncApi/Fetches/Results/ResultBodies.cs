using AsyncApi.Storage;

namespace AsyncApi.Fetches.Results;

/// <summary>Reads kept bodies, wherever they lie.</summary>
internal sealed class ResultBodies(Database database, BodyFiles files)
{
    private const string Sql = "select body from fetch_bodies where id = ?1";

    /// <summary>The bytes as they came; null when none were kept, or when the fetch has been deleted meanwhile.</summary>
    public async Task<byte[]?> ReadAsync(ResultRow row, CancellationToken token) => row.BodyPlace switch
    {
        BodyPlace.Row => await ReadRowAsync(RowKey.Of(row.FetchKey, row.Seq), token),
        BodyPlace.File or BodyPlace.Parts => await ReadLargeAsync(row, token),
        // An empty body has no place: an answer came, and this is all of it.
        _ => row is { Status: not 0, BodyBytes: 0 } ? [] : null,
    };

    /// <summary>A large body, to be read bit by bit. Null when it has been deleted.</summary>
    public Stream? OpenLarge(ResultRow row) => row.BodyPlace == BodyPlace.Parts
        ? new BodyParts(database, RowKey.Of(row.FetchKey, row.Seq), row.BodyBytes)
        : OpenFile(row);

    private FileStream? OpenFile(ResultRow row)
    {
        try
        {
            string path = files.PathOf(row.FetchKey, row.Seq);
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task<byte[]?> ReadLargeAsync(ResultRow row, CancellationToken token)
    {
        await using Stream? file = OpenLarge(row);
        if (file is null)
            return null;
        byte[] body = new byte[file.Length];
        await file.ReadExactlyAsync(body, token);
        return body;
    }

    private async Task<byte[]?> ReadRowAsync(long id, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        Statement statement = session.Prepare(Sql);
        statement.BindInt64(1, id);
        return await statement.StepAsync(token) ? statement.ColumnBlobSpan(0).ToArray() : null;
    }
}
