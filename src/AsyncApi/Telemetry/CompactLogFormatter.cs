using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Json;

namespace AsyncApi.Telemetry;

/// <summary>
/// One JSON object a line, in Serilog's compact form that log collectors know: <c>@t</c> time in UTC, <c>@m</c> message, <c>@l</c>
/// level unless it is Information, <c>@x</c> exception, <c>@tr</c> and <c>@sp</c> the trace; the event's properties beside them.
/// </summary>
internal sealed class CompactLogFormatter : ITextFormatter
{
    private readonly JsonValueFormatter _values = new(typeTagName: null);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        StringBuilder line = new("{\"@t\":\"");
        using StringWriter writer = new(line, CultureInfo.InvariantCulture);
        line.Append(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)).Append('"');
        AppendText("@m", LogText.Message(logEvent));
        AppendText("@l", logEvent.Level == LogEventLevel.Information ? null : logEvent.Level.ToString());
        AppendText("@x", logEvent.Exception?.ToString());
        AppendText("@tr", logEvent.TraceId?.ToHexString());
        AppendText("@sp", logEvent.SpanId?.ToHexString());
        foreach ((string name, LogEventPropertyValue value) in logEvent.Properties)
        {
            // A property that begins with @ is told from the members above by a second one.
            AppendName(name.StartsWith('@') ? "@" + name : name);
            _values.Format(value, writer);
        }

        line.Append('}');
        // JSON's own rules leave C1 controls and direction marks as they are; outside ASCII nothing but strings can hold them.
        output.WriteLine(LogText.Escape(line.ToString()));

        void AppendText(string name, string? text)
        {
            if (text is not null)
            {
                AppendName(name);
                JsonValueFormatter.WriteQuotedJsonString(text, writer);
            }
        }

        void AppendName(string name)
        {
            line.Append(',');
            JsonValueFormatter.WriteQuotedJsonString(name, writer);
            line.Append(':');
        }
    }
}
