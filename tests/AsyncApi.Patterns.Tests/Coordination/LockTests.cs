namespace AsyncApi.Patterns.Tests.Coordination;

public sealed class LockTests
{
    [Fact]
    public async Task Holders_follow_one_another_in_order_of_arrival()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("lock", new { tasks = 3, hold = 1 });

        outcome.Spans.Select(span => (span.Task, span.StartMs, span.EndMs)).ShouldBe([("task 1", 0, 1000), ("task 2", 1000, 2000), ("task 3", 2000, 3000)]);
    }

    [Fact]
    public async Task Order_of_arrival_holds_for_many()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("lock", new { tasks = 20, hold = 0.1 });

        outcome.MostAtOnce().ShouldBe(1);
        outcome.Result.ShouldBe(Enumerable.Range(1, 20).Select(number => $"task {number}").ToList());
    }
}
