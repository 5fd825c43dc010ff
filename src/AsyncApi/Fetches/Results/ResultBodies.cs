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
        BodyPlace.File => await ReadFileAsync(files.PathOf(row.FetchKey, row.Seq), token),
        // An empty body has no place: an answer came, and this is all of it.
        _ => row is { Status: not 0, BodyBytes: 0 } ? [] : null,
    };

    private async Task<byte[]?> ReadRowAsync(long id, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        SQLitePCL.PreparedStatement statement = session.Prepare(Sql);
        statement.BindInt64(1, id);
        return statement.Step() ? statement.ColumnBlobSpan(0).ToArray() : null;
    }

    private static async Task<byte[]?> ReadFileAsync(string path, CancellationToken token)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, token);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
