using AsyncApi.Patterns.Tasks;

namespace AsyncApi.Patterns.Tests.Tasks;

public sealed class GatherReturnExceptionsTests
{
    [Fact]
    public async Task Error_stands_among_the_results_in_its_place()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("gather-return-exceptions");

        outcome.Result.ShouldBe(new Gathered[] { new("result 1", null), new(null, "task failed"), new("result 3", null) });
        outcome.Error.ShouldBeNull();
    }

    [Fact]
    public async Task First_error_comes_out_at_once_without_the_option()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("gather-return-exceptions", new { returnExceptions = false });

        outcome.TimeOf("first error: task failed").ShouldBe(500);
        outcome.Error.ShouldBe(new PatternError("InvalidOperationException", "task failed"));
    }

    [Fact]
    public async Task Others_go_on_after_the_first_error()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("gather-return-exceptions", new { returnExceptions = false });

        outcome.Spans.Select(span => (span.EndMs, span.Outcome))
            .ShouldBe([(1000, SpanOutcome.Completed), (500, SpanOutcome.Failed), (1500, SpanOutcome.Completed)]);
    }

    [Fact]
    public async Task Results_are_plain_without_errors_and_without_the_option()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("gather-return-exceptions", new { returnExceptions = false, failAt = 0 });

        outcome.Result.ShouldBe(new[] { "result 1", "result 2", "result 3" });
    }
}
