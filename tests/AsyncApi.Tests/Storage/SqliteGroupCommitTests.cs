using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Storage;

/// <summary>What follows from there being one writer, with one queue.</summary>
public sealed class SqliteGroupCommitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_cancelledInTheQueue_neverRuns()
    {
        await using SqliteUnderTest tested = await StartAsync();
        using var cancel = new CancellationTokenSource();
        using WriterGate gate = await WriterGate.CloseAsync(tested.Database);
        Task<int> write = tested.Database.WriteAsync((session, _) => InsertAsync(session, 1), cancel.Token);
        await cancel.CancelAsync();
        await gate.OpenAsync();

        await Should.ThrowAsync<OperationCanceledException>(write);
        (await ReadAsync(tested.Database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_thatReallyAwaits_isFinishedBeforeTheNext()
    {
        await using SqliteUnderTest tested = await StartAsync();
        var later = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task first = tested.Database.WriteAsync(
            async (session, _) =>
            {
                await later.Task;
                await InsertAsync(session, 1);
            },
            Token);
        Task<long> second = tested.Database.WriteAsync(
            async (session, token) => await session.Context.Database.SqlQuery<long>($"select count(*) as \"Value\" from note").SingleAsync(token),
            Token);
        later.SetResult();

        (await second).ShouldBe(1);
        await first;
    }

    [Fact]
    public async Task LingeringWrite_alone_waitsAMomentForCompany()
    {
        await using SqliteUnderTest tested = await StartAsync();
        long began = TimeProvider.System.GetTimestamp();

        await tested.Database.WriteLingeringAsync((session, _) => InsertAsync(session, 1), Token);

        // Half of it: waits go by a clock that may move in steps of 4 ms.
        TimeProvider.System.GetElapsedTime(began).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(5));
    }

    [Fact]
    public async Task LingeringWrite_andAPromptOne_shareACommit()
    {
        await using SqliteUnderTest tested = await StartAsync();
        using WriterGate gate = await WriterGate.CloseAsync(tested.Database);
        Task<int> lingering = tested.Database.WriteLingeringAsync((session, _) => InsertAsync(session, 1), Token);
        Task<int> committedBefore = tested.Database.WriteAsync(async (_, _) => (await ReadAsync(tested.Database)).Count, Token);
        await gate.OpenAsync();

        (await committedBefore).ShouldBe(0);
        (await lingering).ShouldBe(1);
    }

    private static async Task<SqliteUnderTest> StartAsync()
    {
        SqliteUnderTest tested = await SqliteUnderTest.StartAsync();
        await tested.Database.WriteAsync(
            async (session, token) => await session.Context.Database.ExecuteSqlRawAsync("create table note (id bigint primary key)", token), Token);
        return tested;
    }

    private static ValueTask<int> InsertAsync(WriteSession session, long id)
    {
        Statement insert = session.Prepare("insert into note (id) values (?1)");
        insert.BindInt64(1, id);
        return insert.ExecuteAsync(Token);
    }

    private static async Task<List<long>> ReadAsync(Database database)
    {
        using ReadSession session = await database.OpenReadAsync(Token);
        return await session.Context.Database.SqlQuery<long>($"select id as \"Value\" from note").OrderBy(id => id).ToListAsync(Token);
    }
}
