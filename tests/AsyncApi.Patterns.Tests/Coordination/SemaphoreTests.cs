namespace AsyncApi.Patterns.Tests.Coordination;

public sealed class SemaphoreTests
{
    [Theory]
    [InlineData(10, 3, 4000)]
    [InlineData(5, 2, 3000)]
    [InlineData(2, 5, 1000)]
    public async Task Overlap_reaches_the_count_and_never_exceeds_it(int workers, int atOnce, double elapsedMs)
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("semaphore", new { workers, atOnce });

        outcome.MostAtOnce().ShouldBe(Math.Min(workers, atOnce));
        outcome.ElapsedMs.ShouldBe(elapsedMs);
        outcome.Spans.Count.ShouldBe(workers);
    }

    [Fact]
    public async Task Worker_that_fails_gives_its_place_back()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("semaphore", new { workers = 3, atOnce = 1, failAt = 1 });

        outcome.Spans.Select(span => span.Outcome).ShouldBe([SpanOutcome.Failed, SpanOutcome.Completed, SpanOutcome.Completed]);
        outcome.Error.ShouldNotBeNull().Message.ShouldBe("worker 1 failed");
    }
}
