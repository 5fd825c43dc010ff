using AsyncApi.Patterns.Threads;

namespace AsyncApi.Patterns.Tests.Threads;

public sealed class BlockingVsAsyncTests
{
    [Fact]
    public async Task Blocking_waits_queue_up_and_async_waits_go_on_together()
    {
        PatternOutcome outcome = await RunUnderTest.StepAsync(
            "blocking-vs-async", new { tasks = 4, threads = 2, seconds = 0.5 }, (2, 0), (2, 2), (4, 5));

        outcome.Result.ShouldBe(new BlockingVsAsyncResult(BlockingMs: 1000, AsyncMs: 500));
        outcome.Spans.Where(span => span.Task.StartsWith("blocking", StringComparison.Ordinal)).Select(span => span.StartMs).Order().ShouldBe([0, 0, 500, 500]);
        outcome.Spans.Where(span => span.Task.StartsWith("async", StringComparison.Ordinal)).ShouldAllBe(span => span.StartMs == 1000 && span.EndMs == 1500);
    }
}
