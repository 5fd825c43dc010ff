using System.Net;
using System.Net.Sockets;
using AsyncApi.Echo;
using AsyncApi.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AsyncApi.Tests.Echo;

/// <summary>Two echoes face to face: each gets what the other said, as a forged datagram would bring it about.</summary>
public sealed class EchoLoopTests
{
    private const int Share = 50;

    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loop_of_two_echoes_dies_of_their_limits()
    {
        EchoAddresses first = new();
        EchoAddresses second = new();
        using UdpEcho one = await StartAsync(first);
        using UdpEcho other = await StartAsync(second);
        using UdpClient toFirst = Connected(IPAddress.Loopback, first.Udp!);
        using UdpClient toSecond = Connected(IPAddress.Loopback, second.Udp!);

        int answers = 0;
        for (byte[]? said = "hello"u8.ToArray(); said is not null && answers < 10 * Share; answers += said is null ? 0 : 1)
            said = await AnswerAsync(answers % 2 == 0 ? toFirst : toSecond, said, answers);

        answers.ShouldBe(2 * Share);
        await one.StopAsync(Token);
        await other.StopAsync(Token);
    }

    /// <summary>Null when there is none: what somebody else asks afterwards is answered, and the first datagram was not.</summary>
    private static async Task<byte[]?> AnswerAsync(UdpClient asker, byte[] datagram, int turn)
    {
        using UdpClient somebody = Connected(new IPAddress([127, 1, (byte)(turn >> 8), (byte)(turn & 0xff)]), (IPEndPoint)asker.Client.RemoteEndPoint!);
        await asker.SendAsync(datagram, Token);
        await somebody.SendAsync(datagram, Token);
        await somebody.ReceiveAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token);
        return asker.Available > 0 ? (await asker.ReceiveAsync(Token)).Buffer : null;
    }

    private static UdpClient Connected(IPAddress from, IPEndPoint to)
    {
        UdpClient client = new(new IPEndPoint(from, 0));
        client.Connect(to);
        return client;
    }

    private async Task<UdpEcho> StartAsync(EchoAddresses addresses)
    {
        EchoOptions limits = new() { Enabled = true, UdpPort = 0, DatagramsPerSecond = Share };
        UdpEcho echo = new(Options.Create(limits), addresses, _time, NullLogger<UdpEcho>.Instance);
        await echo.StartAsync(Token);
        return echo;
    }
}
