using System.Net.Sockets;
using System.Text;
using AsyncApi.Tests.Fetches;

namespace AsyncApi.Tests.Files;

/// <summary>An upload that is sent so far and no further, over a socket of its own.</summary>
internal sealed class CutUpload : IAsyncDisposable
{
    private readonly TcpClient _tcp = new();

    private CutUpload()
    {
    }

    public static async Task<CutUpload> SendAsync(ServiceUnderTest service, string head, ReadOnlyMemory<byte> body)
    {
        CutUpload upload = new();
        await upload._tcp.ConnectAsync(service.Address.Host, service.Address.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = upload._tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await stream.WriteAsync(body, TestContext.Current.CancellationToken);
        return upload;
    }

    /// <summary>A reset, as of a client that died; or an orderly end that comes too early.</summary>
    public void Cut(bool reset = true)
    {
        if (reset)
            _tcp.LingerState = new LingerOption(enable: true, seconds: 0);
        _tcp.Close();
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }
}
