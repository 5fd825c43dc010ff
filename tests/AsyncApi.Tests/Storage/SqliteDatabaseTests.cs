using AsyncApi.Storage;
using AsyncApi.Tests.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Storage;

/// <summary>What only SQLite has: pragmas, the log beside the file, a limit of pages.</summary>
public sealed class SqliteDatabaseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    [InlineData("busy_timeout", "5000")]
    [InlineData("trusted_schema", "0")]
    [InlineData("cell_size_check", "1")]
    [InlineData("mmap_size", "0")]
    [InlineData("wal_autocheckpoint", "4000")]
    [InlineData("page_size", "8192")]
    [InlineData("query_only", "0")]
    public async Task Writer_isOpenedWithPragma(string pragma, string value)
    {
        await using SqliteUnderTest tested = await SqliteUnderTest.StartAsync();

        string? actual = await tested.Database.WriteAsync(
            (session, _) => PragmaAsync(session.Prepare("pragma " + pragma)), Token);

        actual.ShouldBe(value);
    }

    [Theory]
    [InlineData("foreign_keys", "1")]
    [InlineData("busy_timeout", "5000")]
    [InlineData("trusted_schema", "0")]
    [InlineData("cell_size_check", "1")]
    [InlineData("mmap_size", "0")]
    [InlineData("query_only", "1")]
    public async Task Readers_areAllOpenedWithPragma(string pragma, string value)
    {
        await using SqliteUnderTest tested = await SqliteUnderTest.StartAsync(readers: 2);
        using ReadSession first = await tested.Database.OpenReadAsync(Token);
        using ReadSession second = await tested.Database.OpenReadAsync(Token);

        (await PragmaAsync(first.Prepare("pragma " + pragma))).ShouldBe(value);
        (await PragmaAsync(second.Prepare("pragma " + pragma))).ShouldBe(value);
    }

    [Fact]
    public async Task Write_intoAFullDisk_failsItsTransaction_andTheNextGoesOn()
    {
        await using SqliteUnderTest tested = await SqliteUnderTest.StartAsync();
        await ExecuteAsync(tested, "create table t (v)");
        await ExecuteAsync(tested, "pragma max_page_count=20");
        using WriterGate gate = await WriterGate.CloseAsync(tested.Database);
        Task<int> before = ExecuteAsync(tested, "insert into t values (1)");
        Task<int> tooMuch = ExecuteAsync(tested, "insert into t values (zeroblob(1000000))");
        Task<int> after = ExecuteAsync(tested, "insert into t values (2)");
        await gate.OpenAsync();

        // SQLite itself undoes the whole transaction then, so who shared it and came first has to hear of it too.
        await Should.ThrowAsync<StorageFullException>(before);
        await Should.ThrowAsync<StorageFullException>(tooMuch);
        (await after).ShouldBe(1);
        using ReadSession session = await tested.Database.OpenReadAsync(Token);
        (await session.Context.Database.SqlQuery<int>($"select v as \"Value\" from t").ToListAsync(Token)).ShouldBe([2]);
    }

    [Fact]
    public async Task Write_thatEndsTheTransaction_isBlamedForIt()
    {
        await using SqliteUnderTest tested = await SqliteUnderTest.StartAsync();
        await ExecuteAsync(tested, "create table t (v)");

        await Should.ThrowAsync<InvalidOperationException>(ExecuteAsync(tested, "rollback"));

        (await ExecuteAsync(tested, "insert into t values (1)")).ShouldBe(1);
    }

    [Fact]
    public async Task Commit_refusedByADeferredConstraint_failsItsCallersAndKeepsNothing()
    {
        await using SqliteUnderTest tested = await SqliteUnderTest.StartAsync();
        await ExecuteAsync(tested, "create table p (id integer primary key)");
        await ExecuteAsync(tested, "create table c (p integer references p deferrable initially deferred)");

        await Should.ThrowAsync<SQLitePCL.SqliteStatementException>(ExecuteAsync(tested, "insert into c values (7)"));

        (await ExecuteAsync(tested, "insert into p values (7)")).ShouldBe(1);
        using ReadSession session = await tested.Database.OpenReadAsync(Token);
        (await session.Context.Database.SqlQuery<int>($"select p as \"Value\" from c").CountAsync(Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Dispose_emptiesTheLogAndClosesEveryConnection()
    {
        await using SqliteUnderTest tested = await SqliteUnderTest.StartAsync();
        await ExecuteAsync(tested, "create table t (v)");
        using (await tested.Database.OpenReadAsync(Token))
        {
            File.Exists(tested.File + "-wal").ShouldBeTrue();
        }

        await tested.Database.DisposeAsync();

        File.Exists(tested.File + "-wal").ShouldBeFalse();
    }

    [Fact]
    public async Task Log_grownLarge_isEmptied()
    {
        await using SqliteUnderTest tested = await SqliteUnderTest.StartAsync();
        await ExecuteAsync(tested, "create table t (v)");
        await ExecuteAsync(tested, "insert into t values (zeroblob(20000000))");
        new FileInfo(tested.File + "-wal").Length.ShouldBeGreaterThan(20_000_000);

        using SqliteConnection connection = TestConnection.Open(tested.File);
        new SqliteLog(connection, tested.File, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).TruncateIfLarge();

        new FileInfo(tested.File + "-wal").Length.ShouldBe(0);
    }

    private static async ValueTask<string?> PragmaAsync(Statement statement) => await statement.StepAsync(Token) ? statement.ColumnString(0) : null;

    private static Task<int> ExecuteAsync(SqliteUnderTest tested, string sql) => tested.Database.WriteAsync(
        async (session, token) => await session.Context.Database.ExecuteSqlRawAsync(sql, token), Token);
}
