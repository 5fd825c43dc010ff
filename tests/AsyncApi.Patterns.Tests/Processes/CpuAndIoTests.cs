using AsyncApi.Patterns.Processes;

namespace AsyncApi.Patterns.Tests.Processes;

public sealed class CpuAndIoTests
{
    [Fact]
    public async Task Waits_end_while_processes_compute_and_the_host_goes_on_answering()
    {
        int asked = 0;
        PatternHost host = new()
        {
            WorkerCommand = RunUnderTest.WorkerCommand,
            BaseAddress = new Uri("http://127.0.0.1:9/"),
            FetchAsync = (_, _) => Task.FromResult((long)Interlocked.Increment(ref asked)),
        };

        PatternOutcome outcome = await RunUnderTest.LiveAsync(
            "cpu-and-io", new { processes = 2, primes = new[] { 20_000, 20_000, 1000 }, seconds = 0.2 }, host);

        CpuAndIoResult result = outcome.Result.ShouldBeOfType<CpuAndIoResult>(outcome.Error?.Message);
        result.Primes.ShouldBe([224_737, 224_737, 7919]);
        result.LatencyMs.ShouldNotBeNull();
        asked.ShouldBeGreaterThan(2);
        outcome.Spans.Count(span => span.Task.StartsWith("wait", StringComparison.Ordinal)).ShouldBe(4);
        // A machine under other load may be late too, but not by what the primes take.
        result.LatestMs.ShouldBeLessThan(1000);
    }
}
