using AsyncApi.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog.Events;

namespace AsyncApi.Tests.Telemetry;

public sealed class LoggingTests
{
    private readonly LogEvents _events = new();

    [Fact]
    public async Task Levels_are_those_of_the_logging_section()
    {
        await using WebApplication app = Build(("Logging:LogLevel:Default", "Warning"), ("Logging:LogLevel:Loud", "Trace"));
        ILoggerFactory loggers = app.Services.GetRequiredService<ILoggerFactory>();

        loggers.CreateLogger("Quiet").LogInformation("no");
        loggers.CreateLogger("Quiet").LogWarning("yes");
        loggers.CreateLogger("Loud").LogTrace("yes");

        _events.All.Select(entry => entry.MessageTemplate.Text).ShouldBe(["yes", "yes"]);
    }

    [Fact]
    public async Task Request_id_of_a_scope_stands_on_each_event_also_of_work_begun_in_it()
    {
        await using WebApplication app = Build();
        ILogger logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Test");

        using (logger.BeginScope(new Dictionary<string, object> { ["RequestId"] = "r-1" }))
        {
            logger.LogInformation("in the request");
            await Task.Run(() => logger.LogInformation("in its background"), TestContext.Current.CancellationToken);
        }

        logger.LogInformation("outside");
        _events.All.Select(RequestId).ShouldBe(["r-1", "r-1", null]);
    }

    [Theory]
    [InlineData("Development", typeof(ReadableLogFormatter))]
    [InlineData("Production", typeof(CompactLogFormatter))]
    [InlineData("Staging", typeof(CompactLogFormatter))]
    public void Form_is_readable_in_development_and_compact_elsewhere(string environment, Type formatter)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });

        TelemetryBuilderExtensions.FormatterFor(builder.Environment).ShouldBeOfType(formatter);
    }

    private static string? RequestId(LogEvent entry)
        => entry.Properties.TryGetValue("RequestId", out LogEventPropertyValue? value) ? (string?)((ScalarValue)value).Value : null;

    private WebApplication Build(params (string Key, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddAsyncApiLogging(_events);
        return builder.Build();
    }
}
