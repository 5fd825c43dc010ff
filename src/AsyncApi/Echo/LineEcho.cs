using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AsyncApi.Echo;

/// <summary>Gives each line back as it came, once it is whole; at the end also one that never got its end.</summary>
internal sealed class LineEcho(IOptions<EchoOptions> options, TimeProvider time) : ConnectionHandler
{
    private readonly EchoOptions _limits = options.Value;

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        try
        {
            await EchoAsync(connection.Transport, StoppingOf(connection));
        }
        catch (Exception left) when (left is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // It was idle, here for too long, or has broken off; or the service stops. There is nobody to tell.
            connection.Abort(new ConnectionAbortedException("The echo has ended."));
        }
    }

    /// <summary>Returns when the sender has ended, or sent a line that is too long; throws when it was idle, or here for too long.</summary>
    private async Task EchoAsync(IDuplexPipe transport, CancellationToken stopping)
    {
        using CancellationTokenSource life = new(TimeSpan.FromSeconds(_limits.LifeSeconds), time);
        using CancellationTokenSource idle = new(TimeSpan.FromSeconds(_limits.IdleSeconds), time);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(stopping, life.Token, idle.Token);
        bool more = true;
        while (more)
        {
            idle.CancelAfter(TimeSpan.FromSeconds(_limits.IdleSeconds));
            ReadResult read = await transport.Input.ReadAsync(any.Token);
            ReadOnlySequence<byte> buffer = read.Buffer;
            more = Echo(ref buffer, read.IsCompleted, transport.Output) && !read.IsCompleted;
            transport.Input.AdvanceTo(buffer.Start, buffer.End);
            // Who does not read what comes back is idle, too.
            FlushResult flushed = await transport.Output.FlushAsync(any.Token);
            more = more && !flushed.IsCompleted;
        }
    }

    /// <summary>Writes the whole lines and leaves the rest; false when a line is too long.</summary>
    private bool Echo(ref ReadOnlySequence<byte> buffer, bool isLast, PipeWriter output)
    {
        while (buffer.PositionOf((byte)'\n') is { } end)
        {
            ReadOnlySequence<byte> line = buffer.Slice(0, buffer.GetPosition(1, end));
            if (line.Length > _limits.MaxLineBytes)
                return false;
            Write(line, output);
            buffer = buffer.Slice(line.End);
        }

        if (buffer.Length > _limits.MaxLineBytes)
            return false;
        if (isLast)
        {
            Write(buffer, output);
            buffer = buffer.Slice(buffer.End);
        }

        return true;
    }

    private static void Write(in ReadOnlySequence<byte> line, PipeWriter output)
    {
        foreach (ReadOnlyMemory<byte> part in line)
            output.Write(part.Span);
    }

    private static CancellationToken StoppingOf(ConnectionContext connection) =>
        connection.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().ConnectionClosedRequested;
}
