using AsyncApi.Patterns.Threads;

namespace AsyncApi.Patterns.Tests.Threads;

public sealed class ToThreadTests
{
    [Fact]
    public async Task Caller_goes_on_while_the_call_blocks_and_the_call_sees_its_context()
    {
        PatternOutcome outcome = await RunUnderTest.StepAsync("to-thread", new { seconds = 1 }, (2, 1), (2, 2), (2, 3), (1, 4));

        outcome.Result.ShouldBe(new ToThreadResult("request 7", StepsMeanwhile: 3));
        outcome.Events.Where(said => said.Task == "caller").Select(said => said.AtMs).ShouldBe([250, 500, 750]);
        outcome.Said("caller").ShouldAllBe(said => said.EndsWith("blocks: True", StringComparison.Ordinal));
        outcome.Span("blocking call").ShouldBe(new PatternSpan("blocking call", "blocking call", 0, 1000, SpanOutcome.Completed));
    }

    [Fact]
    public async Task Cancelled_call_gives_its_thread_back()
    {
        using CancellationTokenSource cancel = new();
        RunUnderTest run = RunUnderTest.Start(new TestSupport.ManualTime(), "to-thread", token: cancel.Token);
        await TestSupport.Eventually.Until(() => run.Entries == 1);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(run.Outcome);
        run.Trace.Spans.ShouldHaveSingleItem().Outcome.ShouldBe(SpanOutcome.Cancelled);
    }
}
