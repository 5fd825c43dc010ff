namespace AsyncApi.Patterns.Tests.Tasks;

public sealed class GatherTests
{
    [Fact]
    public async Task Gather_of_several_takes_as_long_as_the_longest()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("gather", new { seconds = new[] { 2, 0.5, 1 } });

        outcome.ElapsedMs.ShouldBe(2000);
        outcome.Spans.Select(span => span.EndMs).ShouldBe([2000, 500, 1000]);
        outcome.Spans.ShouldAllBe(span => span.StartMs == 0);
    }

    [Fact]
    public async Task Gather_keeps_the_order_of_the_calls()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("gather", new { seconds = new[] { 2, 0.5, 1 } });

        outcome.Result.ShouldBe(new[] { "page 1", "page 2", "page 3" });
    }
}
