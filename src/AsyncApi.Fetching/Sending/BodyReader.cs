using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace AsyncApi.Fetching.Sending;

/// <summary>
/// Reads a body up to a cap, decoded, counting on both sides of the decoder. Small bodies stay in pooled memory, larger
/// ones go to a file of the spool folder as they arrive.
/// </summary>
internal sealed class BodyReader(FetchEngineOptions options)
{
    private const int FirstBuffer = 4 * 1024;

    // So often at least is asked whether a decoder's gain is a bomb.
    private const int DecodedPiece = 64 * 1024;

    private const int BombRatio = 100;
    private const long BombFloor = 10 * 1024 * 1024;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<BodyReading> ReadAsync(HttpResponseMessage response, long cap, CancellationToken token)
    {
        if (cap == 0)
        {
            return default;
        }

        HttpContent content = response.Content;
        Stream stream = await content.ReadAsStreamAsync(token);
        string? coding = CodingOf(content);
        CountingStream? counter = coding is null ? null : new CountingStream(stream);
        using Stream? decoder = counter is null ? null : await DecoderAsync(coding!, counter, token);
        long? length = coding is null ? LengthOf(content) : null;
        if (response.Version.Major > 1)
        {
            // An HTTP/2 stream that is left before its end is reset, and a peer closes the connection on whom resets often.
            length = null;
        }

        BodyBuffer buffer = new(options, (int)Math.Clamp(length ?? FirstBuffer, 1, Math.Max(FirstBuffer, options.SpoolThreshold)));
        try
        {
            return await ReadAsync(decoder ?? stream, counter, buffer, length ?? long.MaxValue, cap, token);
        }
        catch (InvalidOperationException malformed) when (coding == "br")
        {
            // What the other decoders say by the exception that is made for it.
            await buffer.DropAsync();
            throw new InvalidDataException(malformed.Message, malformed);
        }
        catch
        {
            await buffer.DropAsync();
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<BodyReading> ReadAsync(
        Stream stream, CountingStream? counter, BodyBuffer buffer, long length, long cap, CancellationToken token)
    {
        // One byte more than is kept tells a body of exactly the cap from a longer one.
        long wanted = Math.Min(length, cap + 1);
        long piece = counter is null ? long.MaxValue : DecodedPiece;
        while (true)
        {
            Memory<byte> room = wanted == buffer.Length ? default : await buffer.RoomAsync(Math.Min(wanted - buffer.Length, piece), token);
            int read = room.IsEmpty ? 0 : await stream.ReadAsync(room, token);
            buffer.Advance(read);
            if (read == 0 || buffer.Length == wanted)
            {
                return new BodyReading(await buffer.ToBodyAsync(cap, token), IsBomb: false);
            }

            if (counter is not null && buffer.Length > BombFloor && buffer.Length > BombRatio * counter.Count)
            {
                return new BodyReading(await buffer.ToBodyAsync(cap, token), IsBomb: true);
            }
        }
    }

    private static long? LengthOf(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Length", out HeaderStringValues values)
        && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? length
            : null;

    // One layer alone is undone: what is encoded twice is handed over as its inner coding.
    private static string? CodingOf(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Encoding", out HeaderStringValues values)
            ? values.ToString().Trim().ToLowerInvariant() switch
            {
                "gzip" or "x-gzip" => "gzip",
                "br" => "br",
                "deflate" => "deflate",
                _ => null,
            }
            : null;

    private static async ValueTask<Stream> DecoderAsync(string coding, CountingStream encoded, CancellationToken token) => coding switch
    {
        "gzip" => new GZipStream(encoded, CompressionMode.Decompress, leaveOpen: true),
        "br" => new BrotliStream(encoded, CompressionMode.Decompress, leaveOpen: true),
        // HTTP's "deflate" is the zlib format, but some send it without its wrapper (RFC 9110, 8.4.1.2).
        _ => await encoded.StartsAsZLibAsync(token)
            ? new ZLibStream(encoded, CompressionMode.Decompress, leaveOpen: true)
            : new DeflateStream(encoded, CompressionMode.Decompress, leaveOpen: true),
    };
}

/// <summary>What was read of a body.</summary>
internal readonly record struct BodyReading(FetchBody? Kept, bool IsBomb)
{
    public FetchBody Body => Kept ?? FetchBody.Empty;
}
