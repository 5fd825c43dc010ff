using AsyncApi.Patterns.Coordination;

namespace AsyncApi.Patterns.Tests.Coordination;

public sealed class BackpressureTests
{
    [Fact]
    public async Task Rest_is_flushed_as_a_smaller_batch()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("backpressure");

        outcome.Result.ShouldBeOfType<BackpressureResult>().Batches.ShouldBe([8, 8, 8, 6]);
    }

    [Fact]
    public async Task Producer_is_held_while_the_queue_is_full()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("backpressure", new { handleFrom = 0.2, handleTo = 0.2 });

        // At 0.4 s eight are taken for 1.6 s. Ten more fill the queue by 0.9 s; item 19, there at 0.95 s, gets in at 2 s.
        PatternEvent held = outcome.Events.First(said => said.Task == "producer");
        held.ShouldBe(new PatternEvent(2000, "producer", "was held for 1050 ms with item 19"));
    }

    [Fact]
    public async Task Producer_is_never_held_by_a_faster_consumer()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("backpressure", new { handleFrom = 0.01, handleTo = 0.02 });

        outcome.Result.ShouldBeOfType<BackpressureResult>().HeldMs.ShouldBe(0);
        outcome.Span("producer").EndMs.ShouldBe(1500);
    }
}
