using AsyncApi.Http.Idempotency;
using AsyncApi.Tests.Storage;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Http.Idempotency;

public sealed class KeptAnswerStoreTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Answer_is_found_for_24_hours(string database)
    {
        await using DatabaseUnderTest under = await DatabaseUnderTest.StartAsync(database);
        KeptAnswerStore store = new(under.Database, _time);
        await AddAsync(under, store, "a");

        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        (await store.FindAsync("a", Token))!.Location.ShouldBe("/things/a");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await store.FindAsync("a", Token)).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Key_is_free_again_after_its_time_and_not_before(string database)
    {
        await using DatabaseUnderTest under = await DatabaseUnderTest.StartAsync(database);
        KeptAnswerStore store = new(under.Database, _time);
        await AddAsync(under, store, "a");

        await Should.ThrowAsync<KeyTakenException>(() => AddAsync(under, store, "a"));
        _time.Advance(TimeSpan.FromHours(24));
        await AddAsync(under, store, "a");

        (await store.FindAsync("a", Token)).ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Sweep_removes_what_is_old_and_nothing_else(string database)
    {
        await using DatabaseUnderTest under = await DatabaseUnderTest.StartAsync(database);
        KeptAnswerStore store = new(under.Database, _time);
        for (int i = 0; i < 1_200; i++)
            await AddAsync(under, store, $"old-{i}");
        _time.Advance(TimeSpan.FromHours(24));
        await AddAsync(under, store, "new");

        await store.RemoveOldAsync(Token);

        using AsyncApi.Storage.ReadSession session = await under.Database.OpenReadAsync(Token);
        session.Context.Set<KeptAnswer>().Select(answer => answer.Scope).ToArray().ShouldBe(["new"]);
    }

    private async Task AddAsync(DatabaseUnderTest under, KeptAnswerStore store, string scope) =>
        await under.Database.WriteAsync(
            (session, stop) => store.AddAsync(
                session,
                new KeptAnswer { Scope = scope, RequestHash = [1], Status = 202, Location = $"/things/{scope}", Body = [2], CreatedAt = _time.GetUtcNow() },
                stop),
            Token);
}
