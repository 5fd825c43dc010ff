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

    private const int EscapeLength = 6;

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
        // Surrogates before parsing: the parser itself throws something else when half of a pair stands in a name.
        fault = Encoding(utf8.Span) ?? (LoneSurrogate(utf8.Span) ? "A string holds half of a surrogate pair." : null);
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
        if (document.RootElement.ValueKind != JsonValueKind.Null)
            return true;
        document.Dispose();
        (document, fault) = (null, "The JSON text is null.");
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
        return $"Not acceptable JSON{where}: {Quoted.Of(reason.TrimEnd('.'))}.";
    }

    // Only escapes can hold one, since UTF-8 itself was checked. The text may still be no JSON at all.
    private static bool LoneSurrogate(ReadOnlySpan<byte> json)
    {
        for (int at = json.IndexOf((byte)'\\'); at >= 0; at = json.IndexOf((byte)'\\'))
        {
            json = json[at..];
            char unit = Unit(json);
            json = json[Math.Min(unit == 0 ? 2 : EscapeLength, json.Length)..];
            if (char.IsLowSurrogate(unit))
                return true;
            if (!char.IsHighSurrogate(unit))
                continue;
            if (!char.IsLowSurrogate(Unit(json)))
                return true;
            json = json[EscapeLength..];
        }
        return false;
    }

    // The code unit of an escape at the start; 0 for any other text.
    private static char Unit(ReadOnlySpan<byte> text) =>
        text.Length >= EscapeLength && text.StartsWith("\\u"u8)
        && ushort.TryParse(text[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit)
            ? (char)unit
            : '\0';
}
