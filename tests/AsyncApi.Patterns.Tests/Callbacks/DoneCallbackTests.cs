namespace AsyncApi.Patterns.Tests.Callbacks;

public sealed class DoneCallbackTests
{
    [Fact]
    public async Task Callback_comes_once_after_the_end_and_another_when_both_are_done()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("done-callback", new { firstSeconds = 2, secondSeconds = 1 });

        outcome.Result.ShouldBeOfType<List<string>>().ShouldBe(["second: second ok", "first: first ok", "both: first ok and second ok"], ignoreOrder: true);
        outcome.Events.Select(said => (said.Task, said.AtMs)).ShouldBe([("second", 1000), ("first", 2000), ("both", 2000)], ignoreOrder: true);
    }

    [Fact]
    public async Task Callback_of_a_task_that_failed_gets_the_error()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("done-callback", new { firstSeconds = 1, secondSeconds = 2, fail = true });

        outcome.Error.ShouldBeNull();
        outcome.Said("second").ShouldBe(["callback: second failed"]);
        outcome.Said("both").ShouldBe(["callback: second failed"]);
        outcome.Span("second").Outcome.ShouldBe(SpanOutcome.Failed);
    }
}
