using FsCheck;
using FsCheck.Fluent;

namespace AsyncApi.Tests.Jobs.Life;

public sealed class JobLifeProperties
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SQLite", 1_000)]
    [InlineData("PostgreSQL", 200)]
    public async Task Jobs_live_as_documented_whatever_happens_to_them(string database, int lives)
    {
        await using JobsUnderTest stores = await JobsUnderTest.StartQuicklyAsync(database);
        CancellationToken token = Token;
        Config thorough = Config.QuickThrowOnFailure.WithMaxTest(lives);

        // Away from the tests' own threads: the check holds one while a life is played.
        await Task.Run(
            () => Check.One(thorough, Prop.ForAll(LifePlan.Any, plan => new LifePlayer(stores, plan, token).PlayAsync())), token);
    }
}
