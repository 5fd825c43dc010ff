using AsyncApi.Patterns.Tasks;

namespace AsyncApi.Patterns.Tests.Tasks;

public sealed class WaitTests
{
    [Theory]
    [InlineData("firstCompleted", 0, 1000, "X", "YZ")]
    [InlineData("firstException", 2, 2000, "XY", "Z")]
    [InlineData("firstException", 0, 2500, "XY", "Z")]
    [InlineData("allCompleted", 1, 2500, "XY", "Z")]
    public async Task Wait_returns_when_it_is_told_to(string returnWhen, int failAt, double atMs, string done, string pending)
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("wait", new { seconds = new[] { 1, 2, 3 }, timeout = 2.5, returnWhen, failAt });

        outcome.Events.ShouldHaveSingleItem().AtMs.ShouldBe(atMs);
        WaitResult result = outcome.Result.ShouldBeOfType<WaitResult>();
        string.Concat(result.Done).ShouldBe(done);
        string.Concat(result.Pending).ShouldBe(pending);
    }

    [Fact]
    public async Task Wait_for_all_returns_with_the_last_when_there_is_time()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("wait", new { seconds = new[] { 1, 2, 3 }, timeout = 10 });

        outcome.Events.ShouldHaveSingleItem().AtMs.ShouldBe(3000);
        outcome.Result.ShouldBeOfType<WaitResult>().Pending.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pending_tasks_go_on_until_they_are_cancelled()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("wait", new { seconds = new[] { 1, 2, 3 }, timeout = 2.5 });

        // The wait was over at 2500; a quarter of a second later somebody cancelled.
        outcome.Span("Z").ShouldBe(new PatternSpan("Z", "Z", 0, 2750, SpanOutcome.Cancelled));
    }

    [Fact]
    public async Task Wait_throws_no_error_of_a_task()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("wait", new { returnWhen = "firstException", failAt = 1 });

        outcome.Error.ShouldBeNull();
        outcome.Span("X").Outcome.ShouldBe(SpanOutcome.Failed);
    }
}
