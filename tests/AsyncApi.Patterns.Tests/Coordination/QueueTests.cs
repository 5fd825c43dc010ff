using AsyncApi.Patterns.Coordination;

namespace AsyncApi.Patterns.Tests.Coordination;

public sealed class QueueTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(2)]
    public async Task Queue_fills_up_and_never_over(int capacity)
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("queue", new { items = 20, capacity, consumers = 1, produce = 0.1, consume = 0.5 });

        outcome.Result.ShouldBeOfType<QueueResult>().MostWaiting.ShouldBe(capacity);
    }

    [Fact]
    public async Task Full_queue_holds_the_producer()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("queue", new { items = 10, capacity = 5, consumers = 1, produce = 0.1, consume = 0.5 });

        // By 0.7 s the consumer has taken two and five wait: the eighth, there at 0.8 s, has to wait for the third to be taken at 1.1 s.
        outcome.TimeOf("put 7").ShouldBe(700);
        outcome.TimeOf("put 8").ShouldBe(1100);
    }

    [Fact]
    public async Task Join_returns_after_the_last_item_is_done()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("queue", new { items = 10, consumers = 2 });

        double lastDone = outcome.Events.Where(said => said.Message.StartsWith("has done", StringComparison.Ordinal)).Max(said => said.AtMs);
        double lastTaken = outcome.Events.Where(said => said.Message.StartsWith("takes", StringComparison.Ordinal)).Max(said => said.AtMs);
        outcome.TimeOf("Join returns").ShouldBe(lastDone);
        lastDone.ShouldBe(lastTaken + 500);
        outcome.Result.ShouldBeOfType<QueueResult>().Done.Order().ShouldBe(Enumerable.Range(1, 10));
    }

    [Fact]
    public async Task Joined_consumers_are_cancelled_at_the_end()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("queue", new { consumers = 2, end = "join" });

        outcome.Spans.Where(span => span.Task != "producer").ShouldAllBe(span => span.Outcome == SpanOutcome.Cancelled && span.EndMs == outcome.TimeOf("Join returns"));
    }

    [Fact]
    public async Task Sentinel_sends_the_consumers_home_when_all_is_done()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("queue", new { consumers = 2, end = "sentinel" });

        outcome.Spans.ShouldAllBe(span => span.Outcome == SpanOutcome.Completed);
        outcome.Result.ShouldBeOfType<QueueResult>().Done.Count.ShouldBe(10);
    }
}
