namespace AsyncApi.Patterns.Tests.Language;

public sealed class AsyncContextManagerTests
{
    [Fact]
    public async Task Connection_is_closed_after_success_failure_and_cancellation()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("async-context-manager", new { openSeconds = 0.2, closeSeconds = 0.1 });

        outcome.Error.ShouldBeNull();
        outcome.Spans.Select(span => (span.Task, span.EndMs, span.Outcome)).ShouldBe(
        [
            ("success", 600, SpanOutcome.Completed),
            ("failure", 300, SpanOutcome.Failed),
            ("cancellation", 300, SpanOutcome.Cancelled),
        ]);
        outcome.Spans.ShouldAllBe(span => outcome.Said(span.Task).SequenceEqual(new[] { "open", "closed" }));
    }
}
