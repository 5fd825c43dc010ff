namespace AsyncApi.Patterns.Tests.Tasks;

public sealed class CreateTaskTests
{
    [Fact]
    public async Task Create_task_of_one_and_two_seconds_takes_two()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("create-task");

        outcome.ElapsedMs.ShouldBe(2000);
        outcome.MostAtOnce().ShouldBe(2);
    }

    [Fact]
    public async Task Create_task_is_waited_for_in_order_whichever_ends_first()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("create-task", new { first = 2, second = 1 });

        outcome.Result.ShouldBe(new[] { "A:2", "B:1" });
    }
}
