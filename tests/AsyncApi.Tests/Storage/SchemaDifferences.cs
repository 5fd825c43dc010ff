using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Storage;

/// <summary>
/// Compares what migrations have made with what EF would make of the model: migrations are written by hand, so only a test can
/// know that they say the same.
/// </summary>
internal static class SchemaDifferences
{
    /// <summary>A line for everything that one has and the other has not; none when they agree.</summary>
    /// <param name="migrated">On the database that migrations made.</param>
    /// <param name="fresh">An empty database of the same kind.</param>
    /// <param name="objects">SQL that describes each object of a schema in a line.</param>
    public static async Task<List<string>> FindAsync(DbContext migrated, DbConnection fresh, string objects, CancellationToken token)
    {
        await fresh.OpenAsync(token);
        await using DbCommand create = fresh.CreateCommand();
        create.CommandText = migrated.Database.GenerateCreateScript();
        await create.ExecuteNonQueryAsync(token);

        HashSet<string> model = await DescribeAsync(fresh, objects, token);
        HashSet<string> database = await DescribeAsync(migrated.Database.GetDbConnection(), objects, token);
        return [.. model.Except(database).Select(line => "only in the model: " + line),
            .. database.Except(model).Select(line => "only in the database: " + line)];
    }

    private static async Task<HashSet<string>> DescribeAsync(DbConnection connection, string objects, CancellationToken token)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = objects;
        await using DbDataReader reader = await command.ExecuteReaderAsync(token);
        var lines = new HashSet<string>();
        while (await reader.ReadAsync(token))
        {
            lines.Add(reader.GetString(0));
        }

        lines.ShouldNotBeEmpty();
        return lines;
    }
}
