using System.Globalization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AsyncApi.Benchmarks.Web;

/// <summary>The limit: a bare minimal API over hand-written Microsoft.Data.Sqlite, reads prepared, writes in groups that share a durable commit.</summary>
internal static class BareServer
{
    public const string Command = "web-bare";

    private const string Columns = "id, name, data, status, length, words, sha256, error, job_id, created_at, updated_at";
    private const int Group = 1_000;

    private sealed record Draft(string? Name, string Data);

    private sealed record Result(long? Length, long? Words, string? Sha256);

    private sealed record Item(
        long Id, string? Name, string Data, string Status, Result Result, string? Error, string JobId, string CreatedAt, string UpdatedAt);

    private sealed record Post(Draft Draft, TaskCompletionSource<long> Committed);

    /// <param name="args">The port and the database.</param>
    public static async Task<int> RunAsync(string[] args, CancellationToken token)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{args[1]}");
        await using WebApplication app = builder.Build();
        await using SqliteConnection writer = Open(args[2]);
        Execute(writer, "create table if not exists items (id integer primary key, name text, data text, status text, length integer, words integer, "
            + "sha256 text, error text, job_id text, created_at text, updated_at text)");
        await using SqliteConnection reader = Open(args[2]);
        using SqliteCommand one = Prepared(reader, $"select {Columns} from items where id = $id", "$id");
        using SqliteCommand newest = Prepared(reader, $"select {Columns} from items order by id desc limit $limit", "$limit");
        Channel<Post> posts = Channel.CreateBounded<Post>(10_000);
        Task writing = Task.Run(() => WriteAsync(writer, posts.Reader, token), token);

        app.MapGet("/", () => new { message = "Hello World" });
        app.MapGet("/items/{id:long}", (long id) => Read(one, id) is [{ } item] ? Microsoft.AspNetCore.Http.Results.Ok(item) : Microsoft.AspNetCore.Http.Results.NotFound());
        app.MapGet("/items", (int limit) => new { items = Read(newest, limit) });
        app.MapPost("/items", async (Draft draft) =>
        {
            Post post = new(draft, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
            await posts.Writer.WriteAsync(post, token);
            long id = await post.Committed.Task;
            return Microsoft.AspNetCore.Http.Results.Json(new { id, status = "accepted", message = "Processing" }, statusCode: StatusCodes.Status202Accepted);
        });
        await app.StartAsync(token);
        await writing;
        return 0;
    }

    private static async Task WriteAsync(SqliteConnection connection, ChannelReader<Post> posts, CancellationToken token)
    {
        using SqliteCommand insert = Prepared(
            connection,
            "insert into items (name, data, status, job_id, created_at, updated_at) values ($name, $data, 'accepted', '', $now, $now) returning id",
            "$name", "$data", "$now");
        List<(Post Post, long Id)> group = [];
        while (await posts.WaitToReadAsync(token))
        {
            Execute(connection, "begin immediate");
            while (group.Count < Group && posts.TryRead(out Post? post))
            {
                insert.Parameters[0].Value = (object?)post.Draft.Name ?? DBNull.Value;
                insert.Parameters[1].Value = post.Draft.Data;
                insert.Parameters[2].Value = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
                group.Add((post, (long)insert.ExecuteScalar()!));
            }

            Execute(connection, "commit");
            group.ForEach(written => written.Post.Committed.SetResult(written.Id));
            group.Clear();
        }
    }

    private static List<Item> Read(SqliteCommand select, long value)
    {
        lock (select.Connection!)
        {
            select.Parameters[0].Value = value;
            using SqliteDataReader row = select.ExecuteReader();
            List<Item> items = [];
            while (row.Read())
            {
                items.Add(new Item(
                    row.GetInt64(0), Text(row, 1), row.GetString(2), row.GetString(3), new Result(Number(row, 4), Number(row, 5), Text(row, 6)),
                    Text(row, 7), row.GetString(8), row.GetString(9), row.GetString(10)));
            }

            return items;
        }
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static SqliteConnection Open(string file)
    {
        SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        Execute(connection, "pragma journal_mode=wal; pragma synchronous=full; pragma busy_timeout=5000");
        return connection;
    }

    private static SqliteCommand Prepared(SqliteConnection connection, string sql, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (string parameter in parameters)
        {
            command.Parameters.AddWithValue(parameter, 0);
        }

        return command;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
