using System.Net;
using System.Net.Sockets;
using AsyncApi.Patterns.Sockets;

namespace AsyncApi.Patterns.Tests.Sockets;

public sealed class TcpEchoTests
{
    [Fact]
    public async Task Each_line_comes_back_and_the_server_closes_its_socket()
    {
        PatternOutcome outcome = await RunUnderTest.LiveAsync("tcp-echo", new { lines = new[] { "one", "", "größer" } });

        TcpEchoResult result = outcome.Result.ShouldBeOfType<TcpEchoResult>(outcome.Error?.Message);
        result.Lines.ShouldBe(["one", "", "größer"]);
        outcome.Span("server").Outcome.ShouldBe(SpanOutcome.Cancelled);
        outcome.Span("client").Outcome.ShouldBe(SpanOutcome.Completed);
        outcome.Span("connection 1").EndMs.ShouldBeLessThanOrEqualTo(outcome.Span("server").EndMs);
        using TcpClient client = new();
        await Should.ThrowAsync<SocketException>(
            client.ConnectAsync(IPAddress.Loopback, result.Port, TestContext.Current.CancellationToken).AsTask());
    }
}
