using AsyncApi.Patterns.Processes;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests.Processes;

public sealed class ProcessPoolTests
{
    private static readonly PatternHost Host = new() { WorkerCommand = RunUnderTest.WorkerCommand };

    [Fact]
    public async Task Primes_and_batches_come_back_in_order_around_a_crash()
    {
        PatternOutcome outcome = await RunUnderTest.LiveAsync("process-pool", new { processes = 2, fault = "crash" }, Host);

        ProcessPoolResult result = outcome.Result.ShouldBeOfType<ProcessPoolResult>(outcome.Error?.Message);
        result.Primes.ShouldBe([7919, 17389, 27449, 37813]);
        result.Greetings.ShouldBe(Enumerable.Range(1, 100).Select(number => $"Hello, name {number}!"));
        result.Fault!.ShouldContain("ended with exit code 3");
        outcome.Spans.Where(span => span.Outcome != SpanOutcome.Completed).ShouldHaveSingleItem().Task.ShouldBe("Crash");
        outcome.Spans.Count(span => span.Task.StartsWith("batch", StringComparison.Ordinal)).ShouldBe(10);
        outcome.Spans.Select(span => span.Lane).Distinct().ShouldBe(["process 1", "process 2"], ignoreOrder: true);
        outcome.MostAtOnce().ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Task_over_its_time_fails_alone()
    {
        ManualTime time = new();
        RunUnderTest run = RunUnderTest.Start(
            time, "process-pool", new { processes = 2, primes = new[] { 1000 }, names = 10, fault = "hang", timeoutSeconds = 10 }, Host);
        await Eventually.Until(() => run.Trace.Spans.Count == 2);

        time.Advance(TimeSpan.FromSeconds(10));
        PatternOutcome outcome = await run.Outcome;

        outcome.Result.ShouldBeOfType<ProcessPoolResult>().Fault!.ShouldContain("took longer than 10 s");
        outcome.Span("Hang").EndMs.ShouldBe(10_000);
    }

    [Fact]
    public async Task Host_that_starts_no_processes_is_said()
    {
        PatternOutcome outcome = await RunUnderTest.LiveAsync("process-pool");

        outcome.Error.ShouldNotBeNull().Message.ShouldBe("This host starts no processes for patterns.");
    }

    [Fact]
    public async Task Program_that_is_not_there_is_said_without_its_path()
    {
        PatternHost host = new() { WorkerCommand = ["/no/such/program"] };

        PatternOutcome outcome = await RunUnderTest.LiveAsync("process-pool", new { fault = "none" }, host);

        outcome.Error.ShouldNotBeNull().Message.ShouldBe("The process could not be started.");
    }
}
