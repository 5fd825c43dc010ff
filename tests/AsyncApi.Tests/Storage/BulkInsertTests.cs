using System.Text;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Storage;

public sealed class BulkInsertTests
{
    private static readonly BulkTable Table = new("bulk", "id", "small", "large", "flag", "words", "bytes");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Databases => DatabaseUnderTest.All;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Rows_of_every_form_are_read_as_they_were_given(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);

        await tested.Database.WriteAsync(
            async (session, token) =>
            {
                BulkInsert rows = session.Insert(Table);
                await AddAsync(rows, 1, int.MinValue, long.MaxValue, true, "grün \U0001F600", [0, 1, 255]);
                await AddAsync(rows, 2, 0, null, false, "", []);
                await AddAsync(rows, 3, 7, -1, false, null, null);
            },
            Token);

        (await ReadAsync(tested)).ShouldBe([
            $"1 {int.MinValue} {long.MaxValue} True 'grün \U0001F600' 0001FF", "2 0 null False '' ", "3 7 -1 False null null"]);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Rows_in_thousands_are_all_there_and_large_ones_too(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);
        byte[] large = new byte[700_000];

        await tested.Database.WriteAsync(
            async (session, token) =>
            {
                BulkInsert rows = session.Insert(Table);
                for (int i = 0; i < 5_000; i++)
                {
                    await AddAsync(rows, i, i, i, true, "text", i % 1_000 == 0 ? large : null);
                }
            },
            Token);

        using ReadSession session = await tested.Database.OpenReadAsync(Token);
        (await session.Context.Database.SqlQuery<long>($"select sum(id) as \"Value\" from bulk").SingleAsync(Token)).ShouldBe(4_999L * 5_000 / 2);
        (await session.Context.Database.SqlQuery<long>($"select sum(length(bytes)) as \"Value\" from bulk").SingleAsync(Token)).ShouldBe(5 * 700_000);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Rows_flushed_are_seen_by_the_next_statement_of_the_command(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);

        long seen = await tested.Database.WriteAsync(
            async (session, token) =>
            {
                BulkInsert rows = session.Insert(Table);
                await AddAsync(rows, 1, 1, 1, true, null, null);
                await rows.FlushAsync(token);
                Statement count = session.Prepare("select count(*) from bulk");
                await count.StepAsync(token);
                return count.ColumnInt64(0);
            },
            Token);

        seen.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Row_begun_by_a_command_that_failed_is_not_the_next_ones(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);
        await Should.ThrowAsync<InvalidOperationException>(tested.Database.WriteAsync(
            async (session, token) =>
            {
                BulkInsert rows = session.Insert(Table);
                await AddAsync(rows, 1, 1, 1, true, null, null);
                rows.Int64(2);
                rows.Int32(2);
                throw new InvalidOperationException("on second thoughts");
            },
            Token));

        await tested.Database.WriteAsync((session, _) => AddAsync(session.Insert(Table), 3, 3, 3, true, null, null), Token);

        (await ReadAsync(tested)).ShouldBe(["3 3 3 True null null"]);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Row_that_is_there_already_is_a_unique_violation(string name)
    {
        await using DatabaseUnderTest tested = await StartAsync(name);
        await tested.Database.WriteAsync((session, _) => AddAsync(session.Insert(Table), 1, 1, 1, true, null, null), Token);

        Exception failure = await Should.ThrowAsync<Exception>(
            tested.Database.WriteAsync((session, _) => AddAsync(session.Insert(Table), 1, 1, 1, true, null, null), Token));

        StorageErrors.IsUniqueViolation(failure).ShouldBeTrue();
    }

    private static async Task<DatabaseUnderTest> StartAsync(string name)
    {
        DatabaseUnderTest tested = await DatabaseUnderTest.StartAsync(name);
        string create = $"create table bulk (id bigint primary key, small integer, large bigint, flag boolean, words text, bytes {tested.BlobType})";
        await tested.Database.WriteAsync(async (session, token) => await session.Context.Database.ExecuteSqlRawAsync(create, token), Token);
        return tested;
    }

    private static ValueTask AddAsync(BulkInsert rows, long id, int small, long? large, bool flag, string? words, byte[]? bytes)
    {
        rows.Int64(id);
        rows.Int32(small);
        rows.Int64(large);
        rows.Bool(flag);
        rows.TextOrNull(words);
        rows.BlobOrNull(bytes);
        return rows.EndRowAsync(Token);
    }

    private static async Task<List<string>> ReadAsync(DatabaseUnderTest tested)
    {
        using ReadSession session = await tested.Database.OpenReadAsync(Token);
        Statement select = session.Prepare("select id, small, large, flag, words, bytes from bulk order by id");
        List<string> lines = [];
        while (await select.StepAsync(Token))
        {
            string large = select.ColumnIsNull(2) ? "null" : $"{select.ColumnInt64(2)}";
            string words = select.ColumnIsNull(4) ? "null" : $"'{Encoding.UTF8.GetString(select.ColumnTextSpan(4))}'";
            string bytes = select.ColumnIsNull(5) ? "null" : Convert.ToHexString(select.ColumnBlobSpan(5));
            lines.Add($"{select.ColumnInt64(0)} {select.ColumnInt64(1)} {large} {select.ColumnBool(3)} {words} {bytes}");
        }

        return lines;
    }
}
