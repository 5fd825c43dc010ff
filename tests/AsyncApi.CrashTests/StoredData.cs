using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AsyncApi.CrashTests;

/// <summary>Looks into the database file of a data folder from outside.</summary>
internal static class StoredData
{
    /// <summary>Rows of a table, also while the service writes.</summary>
    public static async Task<long> CountAsync(string dataFolder, string table) =>
        Convert.ToInt64(await AskAsync(dataFolder, $"select count(*) from {table}"), CultureInfo.InvariantCulture);

    /// <summary>Holds that the file is whole, by SQLite's own check.</summary>
    public static async Task ShouldBeIntactAsync(string dataFolder) =>
        (await AskAsync(dataFolder, "pragma integrity_check")).ShouldBe("ok");

    /// <summary>Changes the file under the service's hands.</summary>
    public static Task ChangeAsync(string dataFolder, string change) => AskAsync(dataFolder, change);

    private static async Task<object?> AskAsync(string dataFolder, string question)
    {
        SqliteConnectionStringBuilder builder = new() { DataSource = Path.Combine(dataFolder, "asyncapi.db"), Pooling = false };
        await using SqliteConnection connection = new(builder.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own constants.
        command.CommandText = question;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
