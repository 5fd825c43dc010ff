using AsyncApi.Patterns.Cancellation;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests.Cancellation;

public sealed class TimeoutAtTests
{
    [Fact]
    public async Task Step_that_crosses_the_deadline_is_cut()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("timeout-at", new { steps = new[] { 1, 1, 1, 1 }, deadline = 2.5 });

        TimeoutAtResult result = outcome.Result.ShouldBeOfType<TimeoutAtResult>();
        result.Done.ShouldBe([1, 2]);
        result.Cut.ShouldBe(3);
        outcome.Spans.Count.ShouldBe(3, "What comes after the deadline doesn't start.");
        outcome.Span("step 3").ShouldBe(new PatternSpan("step 3", "step 3", 2000, 2500, SpanOutcome.Cancelled));
    }

    [Fact]
    public async Task Steps_before_the_deadline_are_all_done()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("timeout-at", new { steps = new[] { 1, 1 }, deadline = 2.5 });

        outcome.Result.ShouldBeOfType<TimeoutAtResult>().Cut.ShouldBeNull();
        outcome.ElapsedMs.ShouldBe(2000);
    }

    [Fact]
    public async Task Deadline_that_has_passed_cuts_the_first_step()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("timeout-at", new { steps = new[] { 1 }, deadline = 0 });

        outcome.Result.ShouldBeOfType<TimeoutAtResult>().Cut.ShouldBe(1);
        outcome.ElapsedMs.ShouldBe(0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-5000)]
    public void Deadline_in_the_past_is_over_at_once(double milliseconds)
    {
        ManualTime time = new();

        using CancellationTokenSource deadline = TimeoutAtPattern.Until(time.GetUtcNow().AddMilliseconds(milliseconds), time);

        deadline.IsCancellationRequested.ShouldBeTrue();
    }
}
