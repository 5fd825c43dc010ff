using AsyncApi.Patterns.Language;

namespace AsyncApi.Patterns.Tests.Language;

public sealed class ContextVariablesTests
{
    [Fact]
    public async Task Requests_that_run_at_once_each_see_their_own_id_and_the_caller_its_own()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("context-variables", new { requests = 3, seconds = 0.3 });

        ContextVariablesResult result = outcome.Result.ShouldBeOfType<ContextVariablesResult>();
        result.Seen.ShouldBe(["id 1", "id 2", "id 3"]);
        result.Caller.ShouldBe("caller");
        outcome.MostAtOnce().ShouldBe(3);
    }
}
