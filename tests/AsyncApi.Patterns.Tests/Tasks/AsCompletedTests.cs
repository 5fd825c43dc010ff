namespace AsyncApi.Patterns.Tests.Tasks;

public sealed class AsCompletedTests
{
    [Fact]
    public async Task Results_come_in_the_order_of_completion()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("as-completed", new { seconds = new[] { 2, 1, 3 } });

        outcome.Result.ShouldBe(new List<double> { 1, 2, 3 });
    }

    [Fact]
    public async Task Each_result_comes_the_moment_it_is_there()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("as-completed", new { seconds = new[] { 2, 1, 3 } });

        outcome.Events.Select(said => said.AtMs).ShouldBe([1000, 2000, 3000]);
    }
}
