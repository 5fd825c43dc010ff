using System.Globalization;
using System.Net.Sockets;
using System.Text;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>Readers that ask for a long stream and then read nothing cost no memory, and nobody else's time.</summary>
public sealed class SlowReaderTests(ITestOutputHelper output)
{
    private const int Requests = 4_000;
    private const int Readers = 50;
    private const long Growth = 64L * 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SlowReaders_ofALongStream_costNoMemoryAndHarmNobody()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync();
        // Its results are some megabytes, far more than the buffers of a connection.
        string fetch = await service.Client.SubmitAsync(Enumerable.Range(0, Requests).Select(i => target.Url($"ok/{i}?{new string('x', 500)}")));
        (await service.Client.UntilOverAsync(fetch)).Status().ShouldBe("completed");
        (await service.Client.ReadAllAsync(fetch)).Lines.Count.ShouldBe(Requests);
        long before = await ResidentAsync(service);
        List<Socket> slow = [];
        try
        {
            for (int i = 0; i < Readers; i++)
            {
                slow.Add(await AskAsync(service, fetch, i % 2 == 0 ? "application/x-ndjson" : "text/event-stream"));
            }

            for (int i = 0; i < 3; i++)
            {
                (await service.Client.ReadAllAsync(fetch)).Lines.Count.ShouldBe(Requests);
            }

            (await service.Client.UntilOverAsync(await service.Client.SubmitAsync([target.Url("ok/1")]))).Status().ShouldBe("completed");
            long grown = await ResidentAsync(service) - before;
            output.WriteLine($"{grown / 1024 / 1024} MiB more");
            grown.ShouldBeLessThan(Growth);
        }
        finally
        {
            slow.ForEach(socket => socket.Dispose());
        }

        (await service.StopAsync()).ShouldBe(0);
    }

    /// <summary>Has read the first bytes of the answer when it returns, and reads no more.</summary>
    private static async Task<Socket> AskAsync(RestartableService service, string fetch, string form)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync("127.0.0.1", service.Life.Address.Port, Token);
        string question = $"GET {fetch}/results HTTP/1.1\r\nHost: localhost\r\nAccept: {form}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(question), Token);
        byte[] first = new byte[12];
        (await socket.ReceiveAsync(first, Token)).ShouldBe(first.Length);
        Encoding.ASCII.GetString(first).ShouldBe("HTTP/1.1 200");
        return socket;
    }

    private static async Task<long> ResidentAsync(RestartableService service)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read from /proc.");
        string status = await File.ReadAllTextAsync($"/proc/{service.Life.ProcessId}/status", Token);
        string line = status.Split('\n').Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
