using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests.Sockets;

public sealed class UdpEchoTests
{
    [Fact]
    public async Task Datagram_comes_back_and_a_lost_one_times_out()
    {
        ManualTime time = new();
        RunUnderTest run = RunUnderTest.Start(time, "udp-echo", new { datagrams = 3, lost = 2, timeoutSeconds = 0.5 });
        await Eventually.Until(() => run.Trace.Events.Any(said => said.Message == "loses datagram 2") && time.ActiveTimers == 2);

        time.Advance(TimeSpan.FromSeconds(0.5));
        PatternOutcome outcome = await run.Outcome;

        outcome.Result.ShouldBe(new[] { "datagram 1", "no answer within 0.5 s", "datagram 3" });
        outcome.ElapsedMs.ShouldBe(500);
    }
}
