using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace AsyncApi.Benchmarks.Submission;

/// <summary>A body of many lines that is made while it is sent, so that the client's memory plays no part.</summary>
internal sealed class LinesContent : HttpContent
{
    private const int Piece = 64 * 1024;

    private readonly int _lines;
    private readonly CompositeFormat _line;

    public LinesContent(string mediaType, int lines, CompositeFormat line)
    {
        _lines = lines;
        _line = line;
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        StringBuilder text = new(2 * Piece);
        byte[] bytes = new byte[2 * Piece];
        for (int i = 0; i < _lines; i++)
        {
            text.AppendFormat(CultureInfo.InvariantCulture, _line, i);
            if (text.Length >= Piece || i == _lines - 1)
            {
                string piece = text.ToString();
                await stream.WriteAsync(bytes.AsMemory(0, Encoding.ASCII.GetBytes(piece, bytes)), cancellationToken);
                text.Clear();
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
