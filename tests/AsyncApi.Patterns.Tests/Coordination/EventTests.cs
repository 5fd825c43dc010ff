namespace AsyncApi.Patterns.Tests.Coordination;

public sealed class EventTests
{
    [Fact]
    public async Task All_waiters_go_on_when_the_event_is_set()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("event", new { waiters = 3, setAfter = 1 });

        outcome.Spans.Where(span => span.StartMs == 0).Select(span => span.EndMs).ShouldBe([1000, 1000, 1000]);
    }

    [Fact]
    public async Task Late_waiter_does_not_wait()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("event", new { setAfter = 3 });

        outcome.Span("late waiter").ShouldBe(new PatternSpan("late waiter", "late waiter", 3000, 3000, SpanOutcome.Completed));
    }

    [Fact]
    public async Task Clear_makes_the_next_waiter_wait_again()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("event", new { setAfter = 1 });

        outcome.Said().ShouldBe(["set", "clear", "set"]);
        outcome.Span("next waiter").ShouldBe(new PatternSpan("next waiter", "next waiter", 1000, 2000, SpanOutcome.Completed));
    }
}
