namespace AsyncApi.Patterns.Tests.Callbacks;

public sealed class CallLaterTests
{
    [Fact]
    public async Task Callbacks_come_soon_first_then_by_due_time_and_a_cancelled_one_never()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("call-later", new { seconds = new[] { 3, 1, 2 }, cancelledSeconds = 1.5 });

        outcome.Result.ShouldBe(new List<string> { "soon", "after 1 s", "after 2 s", "after 3 s" });
        outcome.Events.Select(said => said.AtMs).ShouldBe([0, 1000, 2000, 3000]);
    }
}
