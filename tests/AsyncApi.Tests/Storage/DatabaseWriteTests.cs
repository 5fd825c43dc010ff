using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Storage;

public sealed class DatabaseWriteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Databases => DatabaseUnderTest.All;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Write_ended_isSeenByTheNextRead(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);

        int written = await tested.Database.WriteAsync((session, _) => InsertAsync(session, 7), Token);

        written.ShouldBe(1);
        (await ReadAsync(tested.Database)).ShouldBe([7]);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Write_throughTheContext_isInTheSameTransaction(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);

        Task write = tested.Database.WriteAsync(
            async (session, token) =>
            {
                await InsertAsync(session, 1);
                await session.Context.Database.ExecuteSqlAsync($"insert into note (id) values (2)", token);
                throw new InvalidOperationException("on second thoughts");
            },
            Token);

        await Should.ThrowAsync<InvalidOperationException>(write);
        (await ReadAsync(tested.Database)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Writes_inOneGroup_failAlone(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);
        using WriterGate gate = await WriterGate.CloseAsync(tested.Database);
        Task<int>[] writes = [.. Enumerable.Range(0, 100).Select(i => tested.Database.WriteAsync(
            async (session, _) =>
            {
                await InsertAsync(session, i);
                return i % 10 == 0 ? throw new InvalidOperationException($"no {i}") : i;
            },
            Token))];
        await gate.OpenAsync();

        for (int i = 0; i < writes.Length; i++)
        {
            if (i % 10 == 0)
            {
                (await Should.ThrowAsync<InvalidOperationException>(writes[i])).Message.ShouldBe($"no {i}");
            }
            else
            {
                (await writes[i]).ShouldBe(i);
            }
        }

        (await ReadAsync(tested.Database)).ShouldBe(Enumerable.Range(0, 100).Where(i => i % 10 != 0).Select(i => (long)i));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task UniqueViolation_isRecognised_andSpoilsNothing(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);
        await tested.Database.WriteAsync((session, _) => InsertAsync(session, 1), Token);

        Exception byStatement = await Should.ThrowAsync<Exception>(
            tested.Database.WriteAsync((session, _) => InsertAsync(session, 1), Token));
        Exception byContext = await Should.ThrowAsync<Exception>(tested.Database.WriteAsync(
            async (session, token) => await session.Context.Database.ExecuteSqlAsync($"insert into note (id) values (1)", token), Token));
        await tested.Database.WriteAsync((session, _) => InsertAsync(session, 2), Token);

        StorageErrors.IsUniqueViolation(byStatement).ShouldBeTrue();
        StorageErrors.IsUniqueViolation(byContext).ShouldBeTrue();
        StorageErrors.IsUniqueViolation(new InvalidOperationException()).ShouldBeFalse();
        (await ReadAsync(tested.Database)).ShouldBe([1, 2]);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Write_cancelledAfterItBegan_isCommitted(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);
        using var cancel = new CancellationTokenSource();

        int written = await tested.Database.WriteAsync(
            (session, token) =>
            {
                cancel.Cancel();
                token.ThrowIfCancellationRequested();
                return InsertAsync(session, 1);
            },
            cancel.Token);

        written.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task PreparedStatement_ofOneText_isCompiledOnce(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);

        object first = await tested.Database.WriteAsync((session, _) => ValueTask.FromResult<object>(session.Prepare("select 1")), Token);
        object second = await tested.Database.WriteAsync((session, _) => ValueTask.FromResult<object>(session.Prepare("select 1")), Token);

        second.ShouldBeSameAs(first);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Writes_whileDisposing_areEitherDoneOrRefused(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);
        Task<int>[] writes = [.. Enumerable.Range(0, 500).Select(i =>
            tested.Database.WriteLingeringAsync((session, _) => InsertAsync(session, i), Token))];

        await tested.Database.DisposeAsync();

        (await Task.WhenAll(writes)).Sum().ShouldBe(500);
        await Should.ThrowAsync<ObjectDisposedException>(
            tested.Database.WriteAsync((session, _) => InsertAsync(session, 1000), Token));
    }

    private static async Task<DatabaseUnderTest> StartAsync(string name)
    {
        DatabaseUnderTest tested = await DatabaseUnderTest.StartAsync(name);
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
