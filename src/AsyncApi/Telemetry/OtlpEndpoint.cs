using OpenTelemetry.Exporter;

namespace AsyncApi.Telemetry;

/// <summary>Where metrics and traces are sent, in the variables that all of OpenTelemetry's exporters read.</summary>
internal static class OtlpEndpoint
{
    private const string Address = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private const string Timeout = "OTEL_EXPORTER_OTLP_TIMEOUT";

    // Instead of ten seconds. A stop sends the last of both, one after the other, and where it took its whole time it has four left.
    private const int ShortTimeout = 1500;

    private static readonly string[] Protocols = ["grpc", "http/protobuf"];

    /// <summary>Whether anything is sent.</summary>
    /// <exception cref="InvalidOperationException">A setting makes no sense; the exporter would go on with another one and say nothing.</exception>
    public static bool IsSet(IConfiguration configuration)
    {
        if (configuration[Address] is not { Length: > 0 } address)
        {
            return false;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            throw new InvalidOperationException($"{Address} is no http or https URL.");
        }

        return configuration[Protocol] is not { Length: > 0 } protocol || Protocols.Contains(protocol)
            ? true
            : throw new InvalidOperationException($"{Protocol} is '{protocol}'; it can be {string.Join(" or ", Protocols)}.");
    }

    /// <summary>What the variables leave open.</summary>
    public static void Configure(OtlpExporterOptions options, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration[Timeout]))
        {
            options.TimeoutMilliseconds = ShortTimeout;
        }
    }
}
