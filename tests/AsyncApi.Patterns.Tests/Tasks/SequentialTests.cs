namespace AsyncApi.Patterns.Tests.Tasks;

public sealed class SequentialTests
{
    [Fact]
    public async Task Sequential_of_one_and_two_seconds_takes_three()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("sequential");

        outcome.ElapsedMs.ShouldBe(3000);
        outcome.Result.ShouldBe(new[] { "A:1", "B:2" });
    }

    [Fact]
    public async Task Sequential_starts_the_second_when_the_first_has_ended()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("sequential");

        outcome.Span("B").StartMs.ShouldBe(outcome.Span("A").EndMs);
    }
}
