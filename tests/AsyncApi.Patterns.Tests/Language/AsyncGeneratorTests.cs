using AsyncApi.Patterns.Language;

namespace AsyncApi.Patterns.Tests.Language;

public sealed class AsyncGeneratorTests
{
    [Fact]
    public async Task Generator_that_is_read_to_its_end_runs_all_of_its_code()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("async-generator", new { count = 2 });

        ((AsyncGeneratorResult)outcome.Result!).Values.ShouldBe([1, 2]);
        outcome.Said("counted").ShouldBe(
            ["before yield 1", "after yield 1", "before yield 2", "after yield 2", "behind the last yield", "finally"]);
    }

    [Fact]
    public async Task Value_that_is_sent_arrives_inside_and_decides_the_next_one()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("async-generator", new { sent = new[] { 10, 20, 60 } });

        ((AsyncGeneratorResult)outcome.Result!).Means.ShouldBe([10, 15, 30]);
        outcome.Said("mean").ShouldBe(["was sent 10", "was sent 20", "was sent 60"]);
    }

    [Fact]
    public async Task Generator_that_is_closed_early_runs_its_finally_and_nothing_else()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("async-generator");

        ((AsyncGeneratorResult)outcome.Result!).ClosedAfter.ShouldBe(1);
        outcome.Said("closed early").ShouldBe(["before yield 1", "finally"]);
    }
}
