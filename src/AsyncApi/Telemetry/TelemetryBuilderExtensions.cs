using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;
using Serilog.Formatting;

namespace AsyncApi.Telemetry;

/// <summary>Serilog behind <c>ILogger</c>: readable lines in Development, one JSON object a line elsewhere.</summary>
internal static class TelemetryBuilderExtensions
{
    /// <summary>Events between the program and the console.</summary>
    private const int BufferSize = 10_000;

    /// <summary>
    /// Replaces the logging providers. Levels are those of the <c>Logging</c> section, as in every ASP.NET Core service; scopes become
    /// properties. A console that does not keep up costs log events, never the service's speed: beyond the buffer they are dropped.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="sink">Takes the events instead of the console.</param>
    public static void AddAsyncApiLogging(this IHostApplicationBuilder builder, ILogEventSink? sink = null)
    {
        builder.Logging.ClearProviders();
        // Serilog takes trace and span from the activity itself; as scopes they would stand on each line twice.
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.None);
        // By a factory, so that the container disposes it and the last lines before the end are written out. Not by AddSerilog,
        // which switches the filters of the Logging section off.
        builder.Services.AddSingleton<ILoggerProvider>(
            _ => new SerilogLoggerProvider(CreateLogger(FormatterFor(builder.Environment), sink), dispose: true));
    }

    internal static ITextFormatter FormatterFor(IHostEnvironment environment)
        => environment.IsDevelopment() ? new ReadableLogFormatter() : new CompactLogFormatter();

    private static Logger CreateLogger(ITextFormatter formatter, ILogEventSink? sink)
    {
        LoggerConfiguration configuration = new LoggerConfiguration().MinimumLevel.Verbose().Enrich.FromLogContext();
        return sink is null
            ? configuration.WriteTo.Async(console => console.Console(formatter), BufferSize, blockWhenFull: false).CreateLogger()
            : configuration.WriteTo.Sink(sink).CreateLogger();
    }
}
