using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace AsyncApi.Tests.Telemetry;

/// <summary>Keeps what was logged.</summary>
internal sealed class LogEvents : ILogEventSink
{
    private readonly List<LogEvent> _events = [];

    public IReadOnlyList<LogEvent> All => _events;

    public void Emit(LogEvent logEvent)
    {
        lock (_events)
        {
            _events.Add(logEvent);
        }
    }

    /// <summary>What a formatter makes of the one event that <paramref name="log"/> writes.</summary>
    public static string Format(ITextFormatter formatter, Action<Serilog.ILogger> log)
    {
        LogEvents events = new();
        using Logger logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(events).CreateLogger();
        log(logger);
        using StringWriter output = new(CultureInfo.InvariantCulture);
        formatter.Format(events.All.Single(), output);
        return output.ToString();
    }
}
