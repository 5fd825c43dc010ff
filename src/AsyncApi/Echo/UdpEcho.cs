#pragma warning disable RS0030 // It listens on loopback, and sends to nobody but who has sent.

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace AsyncApi.Echo;

/// <summary>The UDP server: each datagram back to where it came from, or nothing. It sends to nobody who did not send.</summary>
internal sealed partial class UdpEcho(IOptions<EchoOptions> options, EchoAddresses addresses, TimeProvider time, ILogger<UdpEcho> logger)
    : IHostedService, IDisposable
{
    private const int MaxDatagram = 65_535;

    private readonly EchoOptions _limits = options.Value;
    private readonly CancellationTokenSource _stopping = new();
    private Socket? _socket;
    private Task _answering = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_limits.Enabled)
            return Task.CompletedTask;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, _limits.UdpPort));
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new InvalidOperationException(EchoFaults.Taken("UDP", _limits.UdpPort, nameof(EchoOptions.UdpPort)), taken);
        }

        addresses.Udp = (IPEndPoint)_socket.LocalEndPoint!;
        LogListening(addresses.Udp);
        _answering = AnswerAsync(addresses.Udp.Port);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _answering;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _stopping.Dispose();
    }

    private async Task AnswerAsync(int ownPort)
    {
        EchoSources sources = new(_limits.DatagramsPerSecond, time);
        IPEndPoint anybody = new(IPAddress.Any, 0);
        byte[] buffer = new byte[MaxDatagram];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await _socket!.ReceiveFromAsync(buffer, SocketFlags.None, anybody, _stopping.Token);
                if (sources.Take((IPEndPoint)received.RemoteEndPoint, ownPort))
                    await _socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), SocketFlags.None, received.RemoteEndPoint, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException refused)
            {
                // Such as an asker who is gone by now. UDP promises nothing, and the next one may be there.
                LogRefused(refused.SocketErrorCode);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Echo of datagrams on udp://{Address}")]
    private partial void LogListening(IPEndPoint address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A datagram could not be answered: {Error}")]
    private partial void LogRefused(SocketError error);
}
