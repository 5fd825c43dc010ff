using AsyncApi.Patterns.Cancellation;

namespace AsyncApi.Patterns.Tests.Cancellation;

public sealed class CancelTests
{
    [Fact]
    public async Task Cancelled_task_cleans_up_before_its_awaiter_sees_it()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("cancel", new { work = 5, cancelAfter = 1, cleanup = 0.2 });

        outcome.Events.ShouldBe(
        [
            new PatternEvent(1000, "main", "cancel"),
            new PatternEvent(1200, "work", "cleaned up"),
            new PatternEvent(1200, "main", "sees that it was cancelled"),
        ]);
        outcome.Result.ShouldBe(new CancelResult(true, null));
        outcome.Span("work").Outcome.ShouldBe(SpanOutcome.Cancelled);
    }

    [Fact]
    public async Task Swallowed_cancellation_looks_like_success()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("cancel", new { swallow = true });

        outcome.Span("work").Outcome.ShouldBe(SpanOutcome.Completed);
        outcome.Result.ShouldBe(new CancelResult(false, "half of it, as if it were all"));
    }

    [Fact]
    public async Task Task_that_has_ended_is_not_cancelled_any_more()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("cancel", new { work = 1, cancelAfter = 2 });

        outcome.Result.ShouldBe(new CancelResult(false, "all of it"));
    }
}
