using System.Net;
using System.Net.Sockets;
using System.Text;
using AsyncApi.Tests.Fetches;

namespace AsyncApi.Tests.Demo;

/// <summary>Clients that take their time to send hold a socket and some memory, and no thread.</summary>
public sealed class SlowPostTests
{
    private const int Slow = 2_000;

    // A blocked thread each would be as many as there are clients; the pool's own come and go with the machine's load.
    private const int FewThreads = Slow / 10;

    // Enough at once that the server's least rate of sending (240 bytes a second) is kept for a minute.
    private static readonly byte[] First = Encoding.ASCII.GetBytes("key=" + new string('x', 16_000));
    private static readonly byte[] Rest = Encoding.ASCII.GetBytes("end");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handler_begins_before_the_body_is_there()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        using Socket client = await ConnectAsync(service.Address);

        // A server asks for the body when its handler begins to read it, and not a byte of it has been sent.
        await SendAsync(client, Head(length: 5, more: "Expect: 100-continue\r\n"));
        string interim = await ReceiveAsync(client);
        await SendAsync(client, "key=1"u8.ToArray());
        string answer = await ReceiveAsync(client);

        interim.ShouldStartWith("HTTP/1.1 100 Continue\r\n");
        answer.ShouldStartWith("HTTP/1.1 200 OK\r\n");
    }

    [Fact]
    public async Task Two_thousand_slow_posts_leave_other_requests_unharmed()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        Socket[] clients = await Task.WhenAll(Enumerable.Range(0, Slow).Select(_ => BeginAsync(service.Address)));

        // All of them are in the middle of their body now, and each of these answers is waited for.
        for (int i = 0; i < 100; i++)
        {
            using HttpResponseMessage quick = await service.GetAsync("/items");
            using HttpResponseMessage demo = await service.PostAsync("/demo1/quick", "key=1", "application/x-www-form-urlencoded");
            (quick.StatusCode, demo.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        }

        int threads = ThreadPool.ThreadCount;
        string[] answers = await Task.WhenAll(clients.Select(EndAsync));

        threads.ShouldBeLessThan(FewThreads);
        answers.ShouldAllBe(answer => answer.StartsWith("HTTP/1.1 200 OK\r\n", StringComparison.Ordinal));
    }

    private static async Task<Socket> BeginAsync(Uri address)
    {
        Socket client = await ConnectAsync(address);
        await SendAsync(client, Head(First.Length + Rest.Length));
        await SendAsync(client, First);
        return client;
    }

    private static async Task<string> EndAsync(Socket client)
    {
        using (client)
        {
            await SendAsync(client, Rest);
            return await ReceiveAsync(client);
        }
    }

    private static async Task<Socket> ConnectAsync(Uri address)
    {
        Socket client = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, address.Port, Token);
        return client;
    }

    private static byte[] Head(int length, string more = "") => Encoding.ASCII.GetBytes(
        $"POST /demo1/slow HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n{more}\r\n");

    private static async Task SendAsync(Socket client, byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await client.SendAsync(bytes.AsMemory(sent), Token);
        }
    }

    private static async Task<string> ReceiveAsync(Socket client)
    {
        byte[] buffer = new byte[32 * 1024];
        int length = await client.ReceiveAsync(buffer.AsMemory(), Token);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
