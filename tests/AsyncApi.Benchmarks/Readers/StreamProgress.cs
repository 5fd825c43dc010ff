using System.Runtime.InteropServices;
using System.Text;

namespace AsyncApi.Benchmarks.Readers;

/// <summary>How far one reader has come in its stream: it takes HTTP's chunks apart and counts the records that are whole.</summary>
internal sealed class StreamProgress(bool events)
{
    private readonly List<Mark> _marks = [];
    private State _state = State.Head;
    private int _left;
    private int _records;
    private int _lineBytes;
    private bool _hasId;

    private enum State
    {
        Head,
        Size,
        Data,
        End,
    }

    public bool Started => _state != State.Head;

    public bool Ended => _state == State.End;

    /// <summary>When it had how many records, in order.</summary>
    public IReadOnlyList<Mark> Marks => _marks;

    /// <param name="bytes">What was read.</param>
    /// <param name="leftAt">When it had left the service.</param>
    /// <param name="readAt">When it was read.</param>
    public void Take(ReadOnlySpan<byte> bytes, long leftAt, long readAt)
    {
        int before = _records;
        while (!bytes.IsEmpty && !Ended)
        {
            int taken = _state switch
            {
                State.Head => TakeHead(bytes),
                State.Size => TakeSize(bytes),
                _ => TakeData(bytes),
            };
            bytes = bytes[taken..];
        }

        if (_records > before)
            _marks.Add(new Mark(_records, leftAt, readAt));
    }

    private int TakeHead(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf("\r\n\r\n"u8);
        // Written in one piece, since it leaves before there is anything else to send.
        if (end < 0 || !bytes.StartsWith("HTTP/1.1 200 "u8) || bytes[..end].IndexOf("chunked"u8) < 0)
            throw new InvalidOperationException($"The service answered {Encoding.ASCII.GetString(bytes)}");
        _state = State.Size;
        return end + 4;
    }

    private int TakeSize(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n')
            {
                (_state, _left) = (_left == 0 ? State.End : State.Data, _left + 2);
                return i + 1;
            }

            if (bytes[i] != '\r')
                _left = (_left * 16) + Convert.ToInt32(((char)bytes[i]).ToString(), 16);
        }

        return bytes.Length;
    }

    // With the line end behind it, which is no part of it.
    private int TakeData(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(bytes.Length, _left);
        ReadOnlySpan<byte> data = bytes[..Math.Max(0, Math.Min(taken, _left - 2))];
        _records += events ? EventsIn(data) : data.Count((byte)'\n');
        _left -= taken;
        if (_left == 0)
            _state = State.Size;
        return taken;
    }

    // An empty line ends an event; what has no id is no result.
    private int EventsIn(ReadOnlySpan<byte> data)
    {
        int ended = 0;
        while (!data.IsEmpty)
        {
            _hasId |= _lineBytes == 0 && data[0] == 'i';
            int end = data.IndexOf((byte)'\n');
            if (end < 0)
            {
                _lineBytes += data.Length;
                break;
            }

            if (_lineBytes + end == 0)
            {
                ended += _hasId ? 1 : 0;
                _hasId = false;
            }

            _lineBytes = 0;
            data = data[(end + 1)..];
        }

        return ended;
    }
}

/// <param name="Records">That were whole by then.</param>
/// <param name="LeftAt">In microseconds since 1970, as the other one.</param>
/// <param name="ReadAt">When the reader had it in its hands.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Mark(int Records, long LeftAt, long ReadAt);
