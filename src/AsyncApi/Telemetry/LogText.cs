using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Parsing;

namespace AsyncApi.Telemetry;

/// <summary>The texts of a log event.</summary>
internal static class LogText
{
    /// <summary>The message with its values in it, strings without the quotes that Serilog's own rendering puts around them.</summary>
    public static string Message(LogEvent logEvent)
    {
        StringBuilder message = new();
        using StringWriter writer = new(message, CultureInfo.InvariantCulture);
        foreach (MessageTemplateToken token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken { Format: null, Alignment: null } property && Property(logEvent, property.PropertyName) is { } text)
            {
                message.Append(text);
            }
            else
            {
                token.Render(logEvent.Properties, writer, CultureInfo.InvariantCulture);
            }
        }

        return message.ToString();
    }

    /// <summary>A property of the event; null when it is not there or no string.</summary>
    public static string? Property(LogEvent logEvent, string name)
        => logEvent.Properties.TryGetValue(name, out LogEventPropertyValue? value) && value is ScalarValue { Value: string text } ? text : null;

    /// <summary>
    /// Makes text from outside harmless on a terminal: what could start a new line, move the cursor or turn the writing direction
    /// comes out as an escape (<c>\n</c>, <c>\u001b</c>), so that no value can forge a log line or hide in one.
    /// </summary>
    public static string Escape(string text)
    {
        int clean = 0;
        while (clean < text.Length && !IsUnsafe(text, clean))
        {
            clean++;
        }

        if (clean == text.Length)
        {
            return text;
        }

        StringBuilder escaped = new(text.Length + 16);
        escaped.Append(text, 0, clean);
        for (int i = clean; i < text.Length; i++)
        {
            if (IsUnsafe(text, i))
            {
                AppendEscape(escaped, text[i]);
            }
            else
            {
                escaped.Append(text[i]);
            }
        }

        return escaped.ToString();
    }

    // Format characters are the ones that turn the direction of text or take no room at all.
    private static bool IsUnsafe(string text, int at) => text[at] is < ' ' or > '~' && char.GetUnicodeCategory(text[at]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format => true,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Surrogate => !IsPartOfPair(text, at),
        _ => false,
    };

    private static bool IsPartOfPair(string text, int at) => char.IsHighSurrogate(text[at])
        ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
        : at > 0 && char.IsHighSurrogate(text[at - 1]);

    private static void AppendEscape(StringBuilder escaped, char character) => _ = character switch
    {
        '\n' => escaped.Append("\\n"),
        '\r' => escaped.Append("\\r"),
        '\t' => escaped.Append("\\t"),
        // Half a pair is no character in any encoding, and JSON readers refuse its escape.
        _ when char.IsSurrogate(character) => escaped.Append("\\ufffd"),
        _ => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
    };
}
