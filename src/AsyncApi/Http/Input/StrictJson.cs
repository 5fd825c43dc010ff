using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace AsyncApi.Http.Input;

/// <summary>
/// Parses one JSON text and refuses what the default reader lets pass: members that stand twice, invalid UTF-8, lone surrogates,
/// depth over 32. After it, reading any string of the document cannot throw.
/// </summary>
internal static class StrictJson
{
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = MaxDepth,
    };

    /// <summary>Parses one line or body. The document points into <paramref name="utf8"/>: dispose it before the memory is used again.</summary>
    /// <param name="fault">A sentence for the client; null on success.</param>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out string? fault)
    {
        document = null;
        fault = Encoding(utf8.Span);
        if (fault is not null)
            return false;
        try
        {
            document = JsonDocument.Parse(utf8, Options);
        }
        catch (JsonException broken)
        {
            fault = Describe(broken);
            return false;
        }
        fault = LoneSurrogate(utf8.Span) ? "A string holds half of a surrogate pair."
            : document.RootElement.ValueKind == JsonValueKind.Null ? "The JSON text is null."
            : null;
        if (fault is null)
            return true;
        document.Dispose();
        document = null;
        return false;
    }

    /// <summary>The same for a line that lies across the segments of a pipe; copies it only then.</summary>
    public static bool TryParse(in ReadOnlySequence<byte> utf8, [NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out string? fault) =>
        TryParse(utf8.IsSingleSegment ? utf8.First : utf8.ToArray(), out document, out fault);

    private static string? Encoding(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "The body is empty.";
        return Utf8.IsValid(utf8) ? null : "The body is not valid UTF-8.";
    }

    private static string Describe(JsonException broken)
    {
        // Behind these words the parser repeats the position in its own format.
        string reason = broken.Message;
        foreach (string tail in (ReadOnlySpan<string>)[" Path: ", " LineNumber: "])
        {
            int at = reason.IndexOf(tail, StringComparison.Ordinal);
            if (at >= 0)
                reason = reason[..at];
        }
        string where = broken.LineNumber is { } line
            ? string.Create(CultureInfo.InvariantCulture, $" at line {line + 1}, byte {broken.BytePositionInLine + 1}")
            : "";
        return $"Not acceptable JSON{where}: {Quoted.Of(reason)}.";
    }

    // Only escapes can hold one, since UTF-8 itself was checked; and in valid JSON a backslash stands in strings alone.
    private static bool LoneSurrogate(ReadOnlySpan<byte> json)
    {
        for (int at = json.IndexOf((byte)'\\'); at >= 0; at = json.IndexOf((byte)'\\'))
        {
            json = json[at..];
            if (json[1] != 'u')
            {
                json = json[2..];
                continue;
            }
            int unit = Unit(json);
            json = json[6..];
            if (char.IsLowSurrogate((char)unit))
                return true;
            if (!char.IsHighSurrogate((char)unit))
                continue;
            if (!json.StartsWith("\\u"u8) || !char.IsLowSurrogate((char)Unit(json)))
                return true;
            json = json[6..];
        }
        return false;
    }

    private static int Unit(ReadOnlySpan<byte> escape) => int.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
