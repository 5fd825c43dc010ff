using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches.Submission;

/// <summary>Requests of one line each, read as they arrive.</summary>
/// <param name="file">The member that names the file which the lines are from; null when they are the body.</param>
internal sealed class LineSubmission(RequestReader requests, LineFormat format, Faults faults, string? file = null)
{
    public const int MaxRequests = 1_000_000;

    // A body of 64 KiB in which every byte is escaped as \u00xx, and its headers.
    private const int MaxLineBytes = 512 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private long _line;

    /// <summary>Reads all lines. With a fault nothing more is stored, but reading goes on so that all faults are named.</summary>
    public async Task ReadAsync(PipeReader body, FetchIntakeStore intake, CancellationToken token)
    {
        bool more = true;
        while (more)
        {
            ReadResult read = await body.ReadAsync(token);
            ReadOnlySequence<byte> buffer = read.Buffer;
            long rest;
            try
            {
                while (more && TryTakeLine(ref buffer, read.IsCompleted, out ReadOnlySequence<byte> line))
                {
                    more = await TakeAsync(line, intake, token);
                }

                rest = buffer.Length;
            }
            finally
            {
                // Also when a write failed: the server reads the rest of the body only from a reader that was given back, and a
                // client that is still sending sees the answer instead of a broken connection.
                body.AdvanceTo(buffer.Start, buffer.End);
            }

            if (rest > MaxLineBytes)
            {
                more = RefuseLength(_line + 1);
            }

            more = more && !read.IsCompleted;
        }

        if (intake.Count == 0 && !faults.Any)
        {
            faults.Add(file ?? "body", "must hold at least one request");
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        line = buffer;
        if (!isLast || buffer.IsEmpty)
        {
            return false;
        }

        buffer = buffer.Slice(buffer.End);
        return true;
    }

    /// <summary>False when reading on is of no use.</summary>
    private async ValueTask<bool> TakeAsync(ReadOnlySequence<byte> line, FetchIntakeStore intake, CancellationToken token)
    {
        _line++;
        if (line.Length > MaxLineBytes)
        {
            return RefuseLength(_line);
        }

        line = LineFormats.Trim(line, isFirst: _line == 1);
        if (line.IsEmpty || (format == LineFormat.UriList && line.FirstSpan[0] == (byte)'#'))
        {
            return true;
        }

        Faults own = new();
        RequestDraft? draft = format == LineFormat.UriList ? ReadUrl(line, own) : ReadJson(line, own);
        if (own.Any)
        {
            faults.AddUnder(NameOf(_line), own);
        }
        else if (intake.Count == MaxRequests)
        {
            faults.Add(NameOf(_line), $"a submission holds at most {MaxRequests} requests");
            return false;
        }
        else if (!faults.Any)
        {
            await intake.AddAsync(draft!, token);
        }

        return !faults.Full;
    }

    // Also of a line that came whole: whether one is taken must not hang on how the network cut it.
    private bool RefuseLength(long line)
    {
        faults.Add(NameOf(line), $"must be at most {MaxLineBytes} bytes long");
        return false;
    }

    private string NameOf(long line) => string.Create(CultureInfo.InvariantCulture, $"{file}{(file is null ? "" : " ")}line {line}");

    private RequestDraft? ReadUrl(in ReadOnlySequence<byte> line, Faults own)
    {
        try
        {
            return requests.ReadUrl(StrictUtf8.GetString(line), RequestPlace.Line, own);
        }
        catch (DecoderFallbackException)
        {
            return requests.Refuse("must be UTF-8", RequestPlace.Line, own);
        }
    }

    private RequestDraft? ReadJson(in ReadOnlySequence<byte> line, Faults own)
    {
        if (!StrictJson.TryParse(line, out JsonDocument? document, out string? fault))
        {
            return requests.Refuse(fault, RequestPlace.Line, own);
        }

        using (document)
        {
            return requests.Read(document.RootElement, RequestPlace.Line, own);
        }
    }
}
