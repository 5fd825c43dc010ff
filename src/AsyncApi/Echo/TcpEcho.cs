using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace AsyncApi.Echo;

/// <summary>
/// The TCP server: a Kestrel of its own with one endpoint, which <see cref="LineEcho"/> handles. Not an endpoint of the web server's
/// Kestrel: one that is added in code would take the place of the addresses that are configured.
/// </summary>
internal sealed partial class TcpEcho(
    IOptions<EchoOptions> options, EchoAddresses addresses, IServiceProvider services, ILoggerFactory loggers, ILogger<TcpEcho> logger)
    : IHostedService, IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private KestrelServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        EchoOptions limits = options.Value;
        if (!limits.Enabled)
            return;
        KestrelServerOptions kestrel = new() { ApplicationServices = services };
        kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
        ListenOptions? endpoint = null;
        kestrel.Listen(IPAddress.Loopback, limits.TcpPort, lines => (endpoint = lines).UseConnectionHandler<LineEcho>());
        SocketTransportOptions buffers = new() { MaxReadBufferSize = BufferBytes, MaxWriteBufferSize = BufferBytes };
        _server = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(buffers), loggers), loggers);
        try
        {
            await _server.StartAsync(new NoHttp(), cancellationToken);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            throw new InvalidOperationException(EchoFaults.Taken("TCP", limits.TcpPort, nameof(EchoOptions.TcpPort)), failure);
        }

        addresses.Tcp = endpoint!.IPEndPoint!;
        LogListening(addresses.Tcp);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose() => _server?.Dispose();

    [LoggerMessage(Level = LogLevel.Information, Message = "Echo of lines on tcp://{Address}")]
    private partial void LogListening(IPEndPoint address);

    /// <summary>What a Kestrel must be given and never asks: no endpoint of this one speaks HTTP.</summary>
    private sealed class NoHttp : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public Task ProcessRequestAsync(IFeatureCollection context) => Task.CompletedTask;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }
    }
}
