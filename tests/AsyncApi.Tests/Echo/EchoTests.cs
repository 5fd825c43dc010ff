using System.Net;
using System.Net.Sockets;
using System.Text;
using AsyncApi.Echo;
using AsyncApi.Tests.Fetches;
using AsyncApi.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Echo;

public sealed class EchoTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hello\n")]
    [InlineData("one\ntwo\r\n\nthree\n")]
    [InlineData("no end")]
    [InlineData("\n\n\n")]
    [InlineData("")]
    [InlineData("ümläut \0 \u0001\n")]
    public async Task Lines_come_back_as_they_came(string text)
    {
        await using ServiceUnderTest service = await StartAsync();
        using TcpClient client = await ConnectAsync(service);
        byte[] sent = Encoding.UTF8.GetBytes(text);

        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(sent, Token);
        client.Client.Shutdown(SocketShutdown.Send);

        (await ReadAsync(stream)).ShouldBe(sent);
    }

    [Fact]
    public async Task Line_comes_back_before_the_next_is_sent_and_not_before_its_end()
    {
        await using ServiceUnderTest service = await StartAsync();
        using TcpClient client = await ConnectAsync(service);
        NetworkStream stream = client.GetStream();

        await stream.WriteAsync("a\nb"u8.ToArray(), Token);
        byte[] two = new byte[2];
        await stream.ReadExactlyAsync(two, Token);
        two.ShouldBe("a\n"u8.ToArray());
        client.Available.ShouldBe(0);
        await stream.WriteAsync("\n"u8.ToArray(), Token);
        await stream.ReadExactlyAsync(two, Token);

        two.ShouldBe("b\n"u8.ToArray());
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task Line_has_its_limit(int length, bool comesBack)
    {
        await using ServiceUnderTest service = await StartAsync(("Echo:MaxLineBytes", "100"));
        using TcpClient client = await ConnectAsync(service);

        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(new string('a', length - 1) + "\n"), Token);
        client.Client.Shutdown(SocketShutdown.Send);

        (await ReadAsync(stream)).Length.ShouldBe(comesBack ? length : 0);
    }

    [Theory]
    [InlineData("Echo:IdleSeconds")]
    [InlineData("Echo:LifeSeconds")]
    public async Task Connection_ends_when_its_time_is_over(string setting)
    {
        await using ServiceUnderTest service = await StartAsync((setting, "0.2"));
        using TcpClient client = await ConnectAsync(service);

        (await ReadAsync(client.GetStream())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Connection_that_reads_nothing_ends_and_holds_little()
    {
        await using ServiceUnderTest service = await StartAsync(("Echo:IdleSeconds", "0.3"));
        using TcpClient client = await ConnectAsync(service);
        client.ReceiveBufferSize = 4_096;
        byte[] line = Encoding.ASCII.GetBytes(new string('a', 60_000) + "\n");

        long sent = 0;
        await Should.ThrowAsync<IOException>(async () =>
        {
            for (; sent < 1_000_000_000; sent += line.Length)
                await client.GetStream().WriteAsync(line, Token);
        });

        sent.ShouldBeLessThan(100_000_000);
    }

    [Fact]
    public async Task Connection_beyond_their_number_is_closed_and_one_that_leaves_makes_room()
    {
        await using ServiceUnderTest service = await StartAsync(("Echo:MaxConnections", "2"));
        using TcpClient first = await ConnectAsync(service);
        using TcpClient second = await ConnectAsync(service);
        (await EchoesAsync(first) && await EchoesAsync(second)).ShouldBeTrue();

        (await TryAsync(service)).ShouldBeFalse();
        first.Dispose();

        await Eventually.Until(() => TryAsync(service));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_400)]
    [InlineData(65_507)]
    public async Task Datagram_comes_back_as_it_came(int length)
    {
        await using ServiceUnderTest service = await StartAsync();
        using UdpClient client = Sender(service);
        byte[] sent = [.. Enumerable.Range(0, length).Select(i => (byte)i)];

        await client.SendAsync(sent, Token);
        UdpReceiveResult back = await client.ReceiveAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token);

        back.Buffer.ShouldBe(sent);
    }

    [Fact]
    public async Task Source_gets_so_many_datagrams_a_second_and_no_more()
    {
        await using ServiceUnderTest service = await StartAsync(("Echo:DatagramsPerSecond", "5"));
        using UdpClient client = Sender(service);

        for (int i = 0; i < 100; i++)
            await client.SendAsync(new byte[] { 1 }, Token);
        // Behind a port of its own nothing is lost on the way; the second may turn once in between.
        await Eventually.Until(() => client.Available > 0);
        int received = 0;
        for (; client.Available > 0; received++)
            await client.ReceiveAsync(Token);

        received.ShouldBeInRange(1, 10);
    }

    [Fact]
    public async Task Port_that_is_in_use_stops_the_start_and_is_named()
    {
        using TcpListener tcp = new(IPAddress.Loopback, 0);
        tcp.Start();
        using Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int tcpPort = ((IPEndPoint)tcp.LocalEndpoint).Port;
        int udpPort = ((IPEndPoint)udp.LocalEndPoint!).Port;

        (await RefusedAsync(tcpPort, 0)).ShouldContain($"AsyncApi cannot start: The echo server can't listen on TCP port {tcpPort}, which is in use. Choose another (Echo:TcpPort)");
        (await RefusedAsync(0, udpPort)).ShouldContain($"AsyncApi cannot start: The echo server can't listen on UDP port {udpPort}, which is in use. Choose another (Echo:UdpPort)");
    }

    [Fact]
    public async Task Fetch_of_the_echo_port_is_refused_as_one_of_the_services_own()
    {
        using TempFolder folder = new();
        int port = LoopbackPort.Free();
        await using ServiceProcess service = await ServiceProcess.StartAsync(folder.Path, Settings(port, 0));
        await Eventually.Until(() => service.Output.Contains($"tcp://127.0.0.1:{port}", StringComparison.Ordinal));

        using StringContent body = new($$"""{"urls":["http://127.0.0.1:{{port}}/"]}""", Encoding.UTF8, "application/json");
        await Eventually.Until(() => service.Output.Contains("Listening on", StringComparison.Ordinal));
        using HttpResponseMessage answer = await service.Client.PostAsync(new Uri("/fetches", UriKind.Relative), body, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync(Token));
    }

    private static Task<ServiceUnderTest> StartAsync(params (string Key, string Value)[] settings) =>
        ServiceUnderTest.StartAsync([("Echo:Enabled", "true"), ("Echo:TcpPort", "0"), ("Echo:UdpPort", "0"), .. settings]);

    private static Dictionary<string, string> Settings(int tcpPort, int udpPort) => new()
    {
        ["Echo:Enabled"] = "true",
        ["Echo:TcpPort"] = $"{tcpPort}",
        ["Echo:UdpPort"] = $"{udpPort}",
    };

    private static async Task<string> RefusedAsync(int tcpPort, int udpPort)
    {
        using TempFolder folder = new();
        (int exitCode, string output) = await ServiceProcess.RunToExitAsync(folder.Path, Settings(tcpPort, udpPort));
        exitCode.ShouldBe(1, output);
        return output;
    }

    private static async Task<TcpClient> ConnectAsync(ServiceUnderTest service)
    {
        TcpClient client = new();
        await client.ConnectAsync(service.Services.GetRequiredService<EchoAddresses>().Tcp!, Token);
        return client;
    }

    private static UdpClient Sender(ServiceUnderTest service)
    {
        UdpClient client = new(new IPEndPoint(IPAddress.Loopback, 0));
        client.Connect(service.Services.GetRequiredService<EchoAddresses>().Udp!);
        return client;
    }

    // An aborted connection reads like an ended one here: nothing more comes.
    private static async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        using MemoryStream all = new();
        try
        {
            await stream.CopyToAsync(all, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
        }
        catch (IOException)
        {
            // Cut off.
        }

        return all.ToArray();
    }

    // One that is too many may be reset before its client knows that it is there.
    private static async Task<bool> TryAsync(ServiceUnderTest service)
    {
        try
        {
            using TcpClient client = await ConnectAsync(service);
            return await EchoesAsync(client);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<bool> EchoesAsync(TcpClient client)
    {
        try
        {
            await client.GetStream().WriteAsync("x\n"u8.ToArray(), Token);
            return await client.GetStream().ReadAsync(new byte[2], Token) > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
