using AsyncApi.Patterns.Resources;
using AsyncApi.TestSupport;
using Microsoft.Data.Sqlite;

namespace AsyncApi.Patterns.Tests.Resources;

public sealed class DatabaseTests
{
    [Fact]
    public async Task Row_gets_its_id_is_seen_by_all_readers_and_every_connection_is_returned()
    {
        using TempFolder folder = new();
        PatternHost host = new() { TempFolder = folder.Path, ConnectDatabase = file => new SqliteConnection($"Data Source={file};Pooling=False") };

        PatternOutcome outcome = await RunUnderTest.LiveAsync("database", new { name = "Robert'); drop table users;--", readers = 5 }, host);

        DatabaseResult result = outcome.Result.ShouldBeOfType<DatabaseResult>(outcome.Error?.Message);
        result.Rows.ShouldBe([new DatabaseRow(1, "Robert'); drop table users;--")]);
        result.Readers.ShouldBe(5);
        result.OpenConnections.ShouldBe(0);
        outcome.Span("failing writer").Outcome.ShouldBe(SpanOutcome.Failed);
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }
}
