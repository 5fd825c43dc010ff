using AsyncApi.Patterns.Cancellation;

namespace AsyncApi.Patterns.Tests.Cancellation;

public sealed class ShieldTests
{
    [Fact]
    public async Task Inner_task_finishes_though_its_awaiter_was_cancelled()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("shield", new { work = 3, cancelAfter = 1 });

        outcome.Result.ShouldBe(new ShieldResult(true, "finished"));
        outcome.Span("awaiter").ShouldBe(new PatternSpan("awaiter", "awaiter", 0, 1000, SpanOutcome.Cancelled));
        outcome.Span("inner").ShouldBe(new PatternSpan("inner", "inner", 0, 3000, SpanOutcome.Completed));
    }

    [Fact]
    public async Task Awaiter_that_is_not_cancelled_in_time_sees_the_end()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("shield", new { work = 1, cancelAfter = 2 });

        outcome.Result.ShouldBe(new ShieldResult(false, "finished"));
    }
}
