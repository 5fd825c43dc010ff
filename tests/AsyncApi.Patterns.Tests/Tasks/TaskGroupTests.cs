namespace AsyncApi.Patterns.Tests.Tasks;

public sealed class TaskGroupTests
{
    [Fact]
    public async Task One_failure_cancels_the_siblings()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("task-group");

        outcome.Spans.Select(span => (span.EndMs, span.Outcome)).ShouldBe(
        [
            (200, SpanOutcome.Completed),
            (400, SpanOutcome.Completed),
            (600, SpanOutcome.Failed),
            (600, SpanOutcome.Cancelled),
            (600, SpanOutcome.Cancelled),
        ]);
    }

    [Fact]
    public async Task Errors_come_out_as_one_group_without_the_cancelled()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("task-group", new { failAt = new[] { 3 }, failCleanupAt = new[] { 5 } });

        PatternError group = outcome.Error.ShouldNotBeNull();
        group.Type.ShouldBe("AggregateException");
        group.Errors.ShouldNotBeNull().Select(error => error.Message).ShouldBe(["boom at 3", "clean-up failed at 5"]);
    }

    [Fact]
    public async Task Clean_group_returns_all_results()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("task-group", new { failAt = Array.Empty<int>() });

        outcome.Result.ShouldBe(new[] { "job 1 done", "job 2 done", "job 3 done", "job 4 done", "job 5 done" });
        outcome.ElapsedMs.ShouldBe(1000);
    }

    [Fact]
    public async Task When_all_lets_the_others_go_on_and_has_every_error()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("task-group", new { failAt = new[] { 1, 3 }, structured = false });

        outcome.ElapsedMs.ShouldBe(1000);
        outcome.Spans.Count(span => span.Outcome == SpanOutcome.Completed).ShouldBe(3);
        outcome.Error.ShouldNotBeNull().Errors.ShouldNotBeNull().Select(error => error.Message).ShouldBe(["boom at 1", "boom at 3"]);
    }
}
