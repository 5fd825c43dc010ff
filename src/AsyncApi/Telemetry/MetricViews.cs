using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace AsyncApi.Telemetry;

/// <summary>Which of the figures that there are in the process are shown, and with which labels.</summary>
internal static class MetricViews
{
    public static readonly string[] Meters =
    [
        nameof(AsyncApi), "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Diagnostics", "System.Runtime",
    ];

    /// <summary>Null for an instrument as it is.</summary>
    /// <param name="instrument">Of one of the <see cref="Meters"/>.</param>
    /// <param name="own">Made the meters of this service; another one in the process, as in tests, has its own.</param>
    public static MetricStreamConfiguration? Of(Instrument instrument, IMeterFactory own) => instrument switch
    {
        { Meter.Scope: IMeterFactory other } when other != own => MetricStreamConfiguration.Drop,
        // What the runtime did at the start says nothing of a service that runs.
        { Name: "dotnet.assembly.count" } => MetricStreamConfiguration.Drop,
        { Meter.Name: "System.Runtime" } when instrument.Name.StartsWith("dotnet.jit.", StringComparison.Ordinal) => MetricStreamConfiguration.Drop,
        // The address it listens on is the same on all of them.
        { Meter.Name: "Microsoft.AspNetCore.Server.Kestrel" } => new MetricStreamConfiguration
        {
            TagKeys = ["network.protocol.name", "network.protocol.version", "tls.protocol.version", "error.type"],
        },
        _ => null,
    };
}
