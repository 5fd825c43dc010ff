using System.Buffers;
using System.IO.Pipelines;

namespace AsyncApi.Echo;

/// <summary>Gives each line back as it came, once it is whole; at the end also one that never got its end.</summary>
internal static class LineEcho
{
    /// <summary>Returns when the sender has ended, or sent a line that is too long; throws when it was idle, or here for too long.</summary>
    public static async Task RunAsync(IDuplexPipe transport, EchoOptions limits, TimeProvider time, CancellationToken stopping)
    {
        using CancellationTokenSource life = new(TimeSpan.FromSeconds(limits.LifeSeconds), time);
        using CancellationTokenSource idle = new(TimeSpan.FromSeconds(limits.IdleSeconds), time);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(stopping, life.Token, idle.Token);
        bool more = true;
        while (more)
        {
            idle.CancelAfter(TimeSpan.FromSeconds(limits.IdleSeconds));
            ReadResult read = await transport.Input.ReadAsync(any.Token);
            ReadOnlySequence<byte> buffer = read.Buffer;
            more = Echo(ref buffer, read.IsCompleted, limits.MaxLineBytes, transport.Output) && !read.IsCompleted;
            transport.Input.AdvanceTo(buffer.Start, buffer.End);
            // Who does not read what comes back is idle, too.
            FlushResult flushed = await transport.Output.FlushAsync(any.Token);
            more = more && !flushed.IsCompleted;
        }
    }

    /// <summary>Writes the whole lines and leaves the rest; false when a line is too long.</summary>
    private static bool Echo(ref ReadOnlySequence<byte> buffer, bool isLast, int maxBytes, PipeWriter output)
    {
        while (buffer.PositionOf((byte)'\n') is { } end)
        {
            ReadOnlySequence<byte> line = buffer.Slice(0, buffer.GetPosition(1, end));
            if (line.Length > maxBytes)
                return false;
            Write(line, output);
            buffer = buffer.Slice(line.End);
        }

        if (buffer.Length > maxBytes)
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
}
