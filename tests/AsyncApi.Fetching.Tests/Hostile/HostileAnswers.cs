using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace AsyncApi.Fetching.Tests.Hostile;

/// <summary>What a <see cref="HostileServer"/> does for each path.</summary>
internal static class HostileAnswers
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Chunked = Ok + "Transfer-Encoding: chunked\r\n\r\n";
    private const int Slow = 100;

    public static readonly byte[] Inner = Gzip(Encoding.ASCII.GetBytes("the inner layer"));

    private static readonly byte[] Zeros = new byte[12 * 1024 * 1024];
    public static readonly byte[] SomeText = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5000)));

    private static readonly Dictionary<string, Func<HostileExchange, Task>> Answers = new(StringComparer.Ordinal)
    {
        ["ok"] = Whole("ok"),
        ["hang"] = static exchange => exchange.HangAsync(),
        ["hang-after-headers"] = ThenHang(Ok + "Content-Length: 10\r\n\r\n"),
        ["hang-in-body"] = ThenHang(Ok + "Content-Length: 10\r\n\r\nhalf"),
        ["slow-headers"] = static exchange => DribbleAsync(exchange, Ok, "X-A: 1\r\n"),
        ["slow-body"] = static exchange => DribbleAsync(exchange, Chunked, "1\r\nx\r\n"),
        ["infinite"] = static exchange => FloodAsync(exchange, Chunked, "1000\r\n" + new string('x', 4096) + "\r\n"),
        ["infinite-close"] = static exchange => FloodAsync(exchange, Ok + "Connection: close\r\n\r\n", new string('x', 4096)),
        ["gzip-bomb"] = Encoded("gzip", Gzip(Zeros)),
        ["deflate-bomb"] = Encoded("deflate", Compressed(Zeros, static into => new ZLibStream(into, CompressionLevel.SmallestSize))),
        ["br-bomb"] = Encoded("br", Compressed(Zeros, static into => new BrotliStream(into, CompressionLevel.Optimal))),
        ["gzip-bad-crc"] = Encoded("gzip", BrokenAt(Gzip(SomeText), -8)),
        ["gzip-garbage"] = Encoded("gzip", SomeText),
        ["deflate-garbage"] = Encoded("deflate", Encoding.ASCII.GetBytes("xxxxxxxxxxxxxxxxxxxxxxxx")),
        ["br-garbage"] = Encoded("br", Enumerable.Repeat((byte)0xff, 64).ToArray()),
        ["gzip-truncated"] = Encoded("gzip", Gzip(SomeText)[..500]),
        ["deflate-truncated"] = Encoded("deflate", Compressed(SomeText, static into => new ZLibStream(into, CompressionLevel.SmallestSize))[..500]),
        ["br-truncated"] = Encoded("br", Compressed(SomeText, static into => new BrotliStream(into, CompressionLevel.Optimal))[..100]),
        ["layered-gzip"] = Encoded("gzip", Gzip(Inner)),
        ["twice-encoded"] = Encoded("gzip, gzip", Gzip(Inner)),
        ["unknown-coding"] = Encoded("zstd", Encoding.ASCII.GetBytes("as it came")),
        ["deflate"] = Encoded("deflate", Compressed(SomeText, static into => new ZLibStream(into, CompressionLevel.SmallestSize))),
        ["raw-deflate"] = Encoded("deflate", Compressed(SomeText, static into => new DeflateStream(into, CompressionLevel.SmallestSize))),
        ["huge-header"] = Whole("ok", "X-A: " + new string('a', 40_000)),
        ["many-headers"] = Whole("ok", string.Join("\r\n", Enumerable.Range(0, 5000).Select(i => $"X-{i}: {i}"))),
        ["endless-headers"] = static exchange => FloodAsync(exchange, Ok, "X-A: 1\r\n"),
        ["continue-flood"] = static exchange => FloodAsync(exchange, string.Empty, "HTTP/1.1 100 Continue\r\n\r\n"),
        ["continue-some"] = static exchange => SendAsync(exchange, string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 100)) + Text("ok")),
        ["early-hints"] = static exchange => SendAsync(exchange, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + Text("ok")),
        ["reset-before-headers"] = ThenReset(string.Empty),
        ["reset-in-headers"] = ThenReset(Ok + "Content-Len"),
        ["reset-after-headers"] = ThenReset(Ok + "Content-Length: 10\r\n\r\n"),
        ["reset-in-body"] = ThenReset(Ok + "Content-Length: 10\r\n\r\nhalf"),
        ["close"] = ThenClose(string.Empty),
        ["close-in-headers"] = ThenClose(Ok + "Content-Len"),
        ["truncated"] = ThenClose(Ok + "Content-Length: 10\r\n\r\nhalf"),
        ["chunk-size"] = ThenClose(Chunked + "zz\r\nok\r\n0\r\n\r\n"),
        ["chunk-negative"] = ThenClose(Chunked + "-2\r\nok\r\n0\r\n\r\n"),
        ["chunk-huge"] = ThenClose(Chunked + "FFFFFFFFFFFFFFFFFF\r\nok\r\n0\r\n\r\n"),
        ["chunk-truncated"] = ThenClose(Chunked + "a\r\nok"),
        ["chunk-no-end"] = ThenClose(Chunked + "2\r\nok\r\n"),
        ["chunk-no-newline"] = ThenClose(Chunked + "2\r\nok0\r\n\r\n"),
        ["chunk-and-length"] = ThenClose(Ok + "Content-Length: 100\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
        ["status-line-garbage"] = ThenClose("garbage\r\n\r\n"),
        ["status-line-letters"] = ThenClose("HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"),
        ["status-line-icy"] = ThenClose("ICY 200 OK\r\n\r\n"),
        ["status-999"] = ThenClose("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"),
        ["status-1000"] = ThenClose("HTTP/1.1 1000 Odd\r\nContent-Length: 0\r\n\r\n"),
        ["header-no-colon"] = Whole("ok", "no colon here"),
        ["header-space"] = Whole("ok", "X A: 1"),
        ["header-bare-lf"] = Whole("ok", "X-A: 1\nX-B: 2"),
        ["header-fold"] = Whole("ok", "X-A: 1\r\n folded"),
        ["header-nul"] = Whole("ok", "X-A: a\0b"),
        ["header-negative-length"] = ThenClose(Ok + "Content-Length: -5\r\n\r\nok"),
        ["header-two-lengths"] = ThenClose(Ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk"),
        ["desync"] = static exchange => SendAsync(exchange, Text("ok") + Text("POISON")),
        ["stale"] = ThenClose(Text("ok")),
        ["stale-soon"] = ThenCloseSoon(Text("ok")),
        ["http10"] = ThenCloseSoon("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        ["http10-empty"] = ThenCloseSoon("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
        ["http10-keep-alive"] = static exchange => SendAsync(exchange, "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok"),
        ["bad-charset"] = Whole("ok", "Content-Type: text/plain; charset=no-such"),
        ["nul-bytes"] = Whole("a\0b\u00ff"),
    };

    public static Func<HostileExchange, Task> Named(string name) => Answers[name];

    private static string Text(string body, string? header = null) =>
        $"{Ok}{(header is null ? string.Empty : header + "\r\n")}Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}";

    private static Func<HostileExchange, Task> Whole(string body, string? header = null) => exchange => exchange.SendAsync(Text(body, header));

    private static Func<HostileExchange, Task> Encoded(string coding, byte[] body) => async exchange =>
    {
        await exchange.SendAsync($"{Ok}Content-Encoding: {coding}\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n");
        await exchange.SendAsync(body);
    };

    private static Func<HostileExchange, Task> ThenHang(string text) => async exchange =>
    {
        await exchange.SendAsync(text);
        await exchange.HangAsync();
    };

    private static Func<HostileExchange, Task> ThenClose(string text) => async exchange =>
    {
        await exchange.SendAsync(text);
        exchange.Close();
    };

    // Late enough for the next request to be on its way already.
    private static Func<HostileExchange, Task> ThenCloseSoon(string text) => async exchange =>
    {
        await exchange.SendAsync(text);
        await exchange.PauseAsync(2);
        exchange.Close();
    };

    private static Func<HostileExchange, Task> ThenReset(string text) => async exchange =>
    {
        await exchange.SendAsync(text);
        exchange.Reset();
    };

    private static Task SendAsync(HostileExchange exchange, string text) => exchange.SendAsync(text);

    private static async Task DribbleAsync(HostileExchange exchange, string start, string piece)
    {
        await exchange.SendAsync(start);
        while (true)
        {
            await exchange.PauseAsync(Slow);
            await exchange.SendAsync(piece);
        }
    }

    private static async Task FloodAsync(HostileExchange exchange, string start, string piece)
    {
        await exchange.SendAsync(start);
        byte[] bytes = Encoding.Latin1.GetBytes(piece);
        while (true)
        {
            await exchange.SendAsync(bytes);
        }
    }

    private static byte[] Gzip(byte[] bytes) => Compressed(bytes, static into => new GZipStream(into, CompressionLevel.SmallestSize));

    private static byte[] Compressed(byte[] bytes, Func<Stream, Stream> coder)
    {
        using MemoryStream into = new();
        using (Stream stream = coder(into))
        {
            stream.Write(bytes);
        }

        return into.ToArray();
    }

    private static byte[] BrokenAt(byte[] bytes, int position)
    {
        bytes[bytes.Length + position] ^= 0xff;
        return bytes;
    }
}
