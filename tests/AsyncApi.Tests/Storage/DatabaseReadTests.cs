using System.Data.Common;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Storage;

public sealed class DatabaseReadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Databases => DatabaseUnderTest.All;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Lease_whenAllAreOut_waitsForOneToComeBack(string name)
    {
        await using DatabaseUnderTest tested = await DatabaseUnderTest.StartAsync(name);
        ReadSession first = await tested.Database.OpenReadAsync(Token);
        using ReadSession second = await tested.Database.OpenReadAsync(Token);
        Task<ReadSession> third = tested.Database.OpenReadAsync(Token).AsTask();
        third.IsCompleted.ShouldBeFalse();

        first.Dispose();
        first.Dispose();

        using ReadSession got = await third;
        using var soon = new CancellationTokenSource();
        Task<ReadSession> fourth = tested.Database.OpenReadAsync(soon.Token).AsTask();
        fourth.IsCompleted.ShouldBeFalse();
        await soon.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(fourth);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Lease_returned_cannotBeUsed(string name)
    {
        await using DatabaseUnderTest tested = await DatabaseUnderTest.StartAsync(name);
        ReadSession session = await tested.Database.OpenReadAsync(Token);
        session.Dispose();

        Should.Throw<ObjectDisposedException>(() => session.Context);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Read_cannotWrite(string name)
    {
        await using DatabaseUnderTest tested = await DatabaseUnderTest.StartAsync(name);
        using ReadSession session = await tested.Database.OpenReadAsync(Token);

        await Should.ThrowAsync<DbException>(session.Context.Database.ExecuteSqlRawAsync("create table t (v int)", Token));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Lease_givenBackHalfRead_showsTheNextOneTheNewRows(string name)
    {
        await using DatabaseUnderTest tested = await DatabaseUnderTest.StartAsync(name);
        await WriteAsync(tested, "create table t (v int)");
        await WriteAsync(tested, "insert into t values (1), (2)");
        for (int i = 0; i < 4; i++)
        {
            using ReadSession careless = await tested.Database.OpenReadAsync(Token);
            if (i % 2 == 0)
            {
                (await careless.Prepare("select v from t").StepAsync(Token)).ShouldBeTrue();
                continue;
            }

            DbCommand command = careless.Connection.CreateCommand();
            command.CommandText = "select v from t";
            DbDataReader reader = await command.ExecuteReaderAsync(Token);
            (await reader.ReadAsync(Token)).ShouldBeTrue();
        }

        await WriteAsync(tested, "insert into t values (3)");

        using ReadSession session = await tested.Database.OpenReadAsync(Token);
        (await session.Context.Database.SqlQuery<int>($"select v as \"Value\" from t").CountAsync(Token)).ShouldBe(3);
    }

    [Fact]
    public async Task Read_beforeTheStart_isRefused()
    {
        using var folder = new TemporaryFolder();
        var options = Microsoft.Extensions.Options.Options.Create(new StorageOptions { Path = folder.Path });
        using var data = new DataFolder(options);
        await using var database = new Database(data, options, new StorageNews(hasOthers: false), OwnMeters.Storage(), Microsoft.Extensions.Logging.Abstractions.NullLogger<Database>.Instance);

        await Should.ThrowAsync<InvalidOperationException>(async () => await database.OpenReadAsync(Token));
    }

    private static Task<int> WriteAsync(DatabaseUnderTest tested, string sql) =>
        tested.Database.WriteAsync(async (session, token) => await session.Context.Database.ExecuteSqlRawAsync(sql, token), Token);
}
