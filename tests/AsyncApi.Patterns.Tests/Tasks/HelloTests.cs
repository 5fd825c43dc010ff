namespace AsyncApi.Patterns.Tests.Tasks;

public sealed class HelloTests
{
    [Fact]
    public async Task Hello_says_its_words_one_wait_apart()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("hello", new { seconds = 1.5 });

        outcome.Events.ShouldBe([new PatternEvent(0, "main", "Hello"), new PatternEvent(1500, "main", "World")]);
    }

    [Fact]
    public async Task Hello_holds_no_thread_between_its_words()
    {
        List<double> instants = [];

        PatternOutcome outcome = await VirtualRun.RunAsync("hello", null, instants.Add, seed: 1, TestContext.Current.CancellationToken);

        // The clock moves only when no thread is busy any more: it could not have moved if the wait had held one.
        instants.ShouldBe([0]);
        outcome.ElapsedMs.ShouldBe(1000);
    }
}
