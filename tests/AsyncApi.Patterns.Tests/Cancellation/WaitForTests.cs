using AsyncApi.Patterns.Cancellation;

namespace AsyncApi.Patterns.Tests.Cancellation;

public sealed class WaitForTests
{
    [Fact]
    public async Task Operation_over_its_limit_is_cancelled_at_the_limit()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("wait-for", new { operation = 5, limit = 2, cleanup = 0 });

        outcome.Result.ShouldBe(new WaitForResult(true, null));
        outcome.Span("operation").ShouldBe(new PatternSpan("operation", "operation", 0, 2000, SpanOutcome.Cancelled));
    }

    [Fact]
    public async Task Timeout_is_reported_after_the_clean_up()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("wait-for", new { operation = 5, limit = 2, cleanup = 0.1 });

        outcome.Events.ShouldBe([new PatternEvent(2100, "operation", "cleaned up"), new PatternEvent(2100, "main", "not within 2 s")]);
    }

    [Fact]
    public async Task Operation_in_time_returns_its_value()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("wait-for", new { operation = 1, limit = 2 });

        outcome.Result.ShouldBe(new WaitForResult(false, "done"));
        outcome.ElapsedMs.ShouldBe(1000);
    }
}
