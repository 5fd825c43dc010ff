using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace AsyncApi.Echo;

/// <summary>
/// The TCP server, on Kestrel's transport. Not an endpoint of the web server itself: one that is added in code would take the
/// place of the addresses that are configured.
/// </summary>
internal sealed partial class TcpEcho(
    IOptions<EchoOptions> options, EchoAddresses addresses, TimeProvider time, ILoggerFactory loggers, ILogger<TcpEcho> logger) : IHostedService, IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly EchoOptions _limits = options.Value;
    private readonly ConcurrentDictionary<ConnectionContext, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private IConnectionListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_limits.Enabled)
            return;
        SocketTransportOptions buffers = new() { MaxReadBufferSize = BufferBytes, MaxWriteBufferSize = BufferBytes };
        SocketTransportFactory transport = new(Options.Create(buffers), loggers);
        try
        {
            _listener = await transport.BindAsync(new IPEndPoint(IPAddress.Loopback, _limits.TcpPort), cancellationToken);
        }
        catch (AddressInUseException taken)
        {
            throw new InvalidOperationException(EchoFaults.Taken("TCP", _limits.TcpPort, nameof(EchoOptions.TcpPort)), taken);
        }

        addresses.Tcp = (IPEndPoint)_listener.EndPoint;
        LogListening(addresses.Tcp);
        _accepting = AcceptAsync(_listener);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_listener is null)
            return;
        await _stopping.CancelAsync();
        await _listener.UnbindAsync(cancellationToken);
        await _accepting;
        await Task.WhenAll(_connections.Values);
        await _listener.DisposeAsync();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (await NextAsync(listener) is { } connection)
        {
            if (_connections.Count >= _limits.MaxConnections)
            {
                connection.Abort(new ConnectionAbortedException("There are as many connections as there may be."));
                await connection.DisposeAsync();
                continue;
            }

            // In the list before it runs, so that it can't leave before it is there.
            TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _connections[connection] = ServeAsync(connection, entered.Task);
            entered.SetResult();
        }
    }

    private async Task<ConnectionContext?> NextAsync(IConnectionListener listener)
    {
        try
        {
            return await listener.AcceptAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task ServeAsync(ConnectionContext connection, Task entered)
    {
        await entered;
        try
        {
            await LineEcho.RunAsync(connection.Transport, _limits, time, _stopping.Token);
        }
        catch (Exception left) when (left is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // It was idle, here for too long, or has broken off; or the service stops. There is nobody to tell.
            connection.Abort(new ConnectionAbortedException("The echo has ended."));
        }
        finally
        {
            await connection.Transport.Output.CompleteAsync();
            await connection.Transport.Input.CompleteAsync();
            await connection.DisposeAsync();
            _connections.TryRemove(connection, out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Echo of lines on tcp://{Address}")]
    private partial void LogListening(IPEndPoint address);
}
