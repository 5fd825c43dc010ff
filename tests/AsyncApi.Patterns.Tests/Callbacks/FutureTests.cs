using AsyncApi.Patterns.Callbacks;

namespace AsyncApi.Patterns.Tests.Callbacks;

public sealed class FutureTests
{
    [Fact]
    public async Task Waiter_goes_on_with_the_value_outside_of_the_call_that_sets_it()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("future", new { seconds = 1 });

        outcome.Result.ShouldBe(new FutureResult("ready", SecondSetAccepted: false, WaiterRanInsideSetter: false));
        outcome.Span("waiter").EndMs.ShouldBe(1000);
    }
}
