namespace AsyncApi.Patterns.Tests.Language;

public sealed class AsyncIteratorTests
{
    [Fact]
    public async Task Values_come_one_after_the_other_each_when_it_is_there()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("async-iterator", new { count = 3, leaveAfter = 50, seconds = 0.2 });

        outcome.Result.ShouldBe(new List<int> { 1, 2, 3 });
        outcome.Events.Where(said => said.Task == "loop").Select(said => said.AtMs).ShouldBe([200, 400, 600]);
        outcome.Said("counter").ShouldBe(["disposed at 3 of 3"]);
    }

    [Fact]
    public async Task Leaving_early_disposes_the_iterator()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("async-iterator", new { count = 5, leaveAfter = 2, seconds = 0.2 });

        outcome.Result.ShouldBe(new List<int> { 1, 2 });
        outcome.ElapsedMs.ShouldBe(400);
        outcome.Said("counter").ShouldBe(["disposed at 2 of 5"]);
    }
}
