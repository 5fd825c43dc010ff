namespace AsyncApi.Patterns.Tests.Coordination;

public sealed class RetryTests
{
    [Fact]
    public async Task Waits_double_and_the_last_error_comes_out()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("retry", new { failureRate = 1, attempts = 5 });

        outcome.Spans.Select(span => span.StartMs).ShouldBe([0, 200, 600, 1400, 3000]);
        outcome.Said().ShouldBe(
            ["connection lost: wait 0.2 s", "connection lost: wait 0.4 s", "connection lost: wait 0.8 s", "connection lost: wait 1.6 s"]);
        outcome.Error.ShouldBe(new PatternError("IOException", "connection lost"));
    }

    [Fact]
    public async Task First_success_ends_the_attempts()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("retry", new { failureRate = 0 });

        outcome.Result.ShouldBe("answer");
        outcome.Spans.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Some_failures_are_survived()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("retry", new { failureRate = 0.7, attempts = 10 });

        outcome.Result.ShouldBe("answer");
        outcome.Spans.Count.ShouldBeGreaterThan(1);
        outcome.Spans.SkipLast(1).ShouldAllBe(span => span.Outcome == SpanOutcome.Failed);
    }

    [Fact]
    public async Task Error_that_no_retry_mends_comes_out_at_once()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("retry", new { failureRate = 1, permanent = true });

        outcome.Error.ShouldNotBeNull().Type.ShouldBe("UnauthorizedAccessException");
        outcome.ElapsedMs.ShouldBe(0);
    }
}
