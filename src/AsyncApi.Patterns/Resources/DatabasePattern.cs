using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Data.Common;

namespace AsyncApi.Patterns.Resources;

internal sealed record DatabaseParameters
{
    [Description("The name that is stored."), Length(1, 200)]
    public string Name { get; init; } = "John Doe";

    [Description("How many read at once."), Range(1, 16)]
    public int Readers { get; init; } = 4;
}

internal sealed record DatabaseRow(long Id, string Name);

internal sealed record DatabaseResult(IReadOnlyList<DatabaseRow> Rows, int Readers, int OpenConnections);

internal sealed class DatabasePattern() : Pattern<DatabaseParameters>(
    "database",
    "A table, a row, many readers",
    "A row gets its id and is read by several at once, on a connection each. A transaction that fails leaves nothing behind, and its connection is returned.",
    asyncio: "aiosqlite.connect, async with db.execute(...) as cursor",
    dotnet: "DbConnection, ExecuteReaderAsync, await using; in an application Entity Framework Core")
{
    protected override async Task<object?> RunAsync(DatabaseParameters parameters, PatternRun run, CancellationToken token)
    {
        using RunFolder folder = RunFolder.Create(run.Host);
        Func<string, DbConnection> connect = run.Host.ConnectDatabase ?? throw new NotSupportedException("This host gives patterns no database.");
        Connections connections = new(() => connect(folder.File("users.db")));

        await run.SpanAsync("writer", inner => WriteAsync(connections, parameters.Name, inner), token);
        await run.SpanAsync("failing writer", inner => FailAsync(connections, inner), token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        List<DatabaseRow>[] read = await Task.WhenAll(Enumerable.Range(1, parameters.Readers)
            .Select(number => run.SpanAsync($"reader {number}", inner => ReadAsync(connections, inner), token)));
        return new DatabaseResult(read[0], read.Count(rows => rows.SequenceEqual(read[0])), connections.Open);
    }

    private static async Task WriteAsync(Connections connections, string name, CancellationToken token) =>
        await connections.UseAsync(
            async connection =>
            {
                await ExecuteAsync(connection, "create table users (id integer primary key, name text not null)", name: null, token);
                await ExecuteAsync(connection, "insert into users (name) values ($name)", name, token);
            },
            token);

    // Disposing a transaction that was not committed rolls it back.
    private static async Task FailAsync(Connections connections, CancellationToken token) =>
        await connections.UseAsync(
            async connection =>
            {
                await using DbTransaction transaction = await connection.BeginTransactionAsync(token);
                await ExecuteAsync(connection, "insert into users (name) values ($name)", "Nobody", token);
                throw new InvalidOperationException("failed in the middle of the transaction");
            },
            token);

    private static async Task<List<DatabaseRow>> ReadAsync(Connections connections, CancellationToken token)
    {
        List<DatabaseRow> rows = [];
        await connections.UseAsync(
            async connection =>
            {
                await using DbCommand command = connection.CreateCommand();
                command.CommandText = "select id, name from users order by id";
                await using DbDataReader reader = await command.ExecuteReaderAsync(token);
                while (await reader.ReadAsync(token))
                {
                    rows.Add(new DatabaseRow(reader.GetInt64(0), reader.GetString(1)));
                }
            },
            token);
        return rows;
    }

    // A value never becomes part of the statement's text.
    private static async Task ExecuteAsync(DbConnection connection, string statement, string? name, CancellationToken token)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = statement;
        if (name is not null)
        {
            DbParameter parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("$name", name);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(token);
    }

    /// <summary>Counts what is open, so that one that is not returned would show.</summary>
    private sealed class Connections(Func<DbConnection> connect)
    {
        private int _open;

        public int Open => _open;

        public async Task UseAsync(Func<DbConnection, Task> use, CancellationToken token)
        {
            await using DbConnection connection = connect();
            connection.StateChange += (_, change) => Interlocked.Add(ref _open, change.CurrentState == System.Data.ConnectionState.Open ? 1 : -1);
            await connection.OpenAsync(token);
            await use(connection);
        }
    }
}
