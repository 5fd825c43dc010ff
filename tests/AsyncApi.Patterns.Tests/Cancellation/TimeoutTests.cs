using AsyncApi.Patterns.Cancellation;

namespace AsyncApi.Patterns.Tests.Cancellation;

public sealed class TimeoutTests
{
    [Fact]
    public async Task Scope_alone_is_left_when_its_time_is_up()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("timeout", new { limit = 2, first = 1, second = 4 });

        outcome.Span("second").ShouldBe(new PatternSpan("second", "second", 1000, 2000, SpanOutcome.Cancelled));
        outcome.Said().ShouldBe(["the time is up", "after the scope"]);
        outcome.Result.ShouldBeOfType<TimeoutResult>().Steps.ShouldBe(["first"]);
    }

    [Fact]
    public async Task Scope_in_time_changes_nothing()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("timeout", new { limit = 10, first = 1, second = 4 });

        outcome.ElapsedMs.ShouldBe(5000);
        outcome.Result.ShouldBeOfType<TimeoutResult>().TimedOut.ShouldBeFalse();
        outcome.Said().ShouldBe(["after the scope"]);
    }

    [Theory]
    [InlineData(4.5, false, 5000)]
    [InlineData(3, true, 4000)]
    [InlineData(0.5, true, 1500)]
    public async Task Deadline_can_be_moved_from_inside(double reschedule, bool timedOut, double elapsedMs)
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("timeout", new { limit = 2, first = 1, second = 4, reschedule });

        outcome.Result.ShouldBeOfType<TimeoutResult>().TimedOut.ShouldBe(timedOut);
        outcome.ElapsedMs.ShouldBe(elapsedMs);
    }
}
