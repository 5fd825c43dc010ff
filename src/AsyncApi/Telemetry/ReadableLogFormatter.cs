using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace AsyncApi.Telemetry;

/// <summary>
/// One line an event for the developer's eyes: <c>08:15:30.123 INF JobWorker Claimed 3 jobs [4f1c…]</c>, the request's id last.
/// A line that starts at the margin is always an event of its own: exceptions are indented, everything else stays on its line.
/// </summary>
internal sealed class ReadableLogFormatter : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        output.Write(Abbreviation(logEvent.Level));
        if (LogText.Property(logEvent, "SourceContext") is { } source)
        {
            output.Write(LogText.Escape(source[(source.LastIndexOf('.') + 1)..]));
            output.Write(' ');
        }

        output.Write(LogText.Escape(LogText.Message(logEvent)));
        if (LogText.Property(logEvent, "RequestId") is { } requestId)
        {
            output.Write(" [");
            output.Write(LogText.Escape(requestId));
            output.Write(']');
        }

        output.WriteLine();
        foreach (string line in logEvent.Exception?.ToString().Split('\n') ?? [])
        {
            output.Write("    ");
            output.WriteLine(LogText.Escape(line.TrimEnd('\r')));
        }
    }

    private static string Abbreviation(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => " TRC ",
        LogEventLevel.Debug => " DBG ",
        LogEventLevel.Information => " INF ",
        LogEventLevel.Warning => " WRN ",
        LogEventLevel.Error => " ERR ",
        _ => " FTL ",
    };
}
