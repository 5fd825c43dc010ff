using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace AsyncApi.Http;

internal static class HardenedKestrel
{
    /// <summary>A body that no endpoint asked to be larger.</summary>
    public const long DefaultMaxBodyBytes = 1024 * 1024;

    // Connections that nobody has accepted yet. Beyond them Linux answers with cookies instead, and resets some of those who come with one.
    private const int Backlog = 4_096;

    /// <summary>Limits that keep slow, broken and greedy clients cheap.</summary>
    public static WebApplicationBuilder ConfigureHardenedKestrel(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(Harden);
        builder.Services.Configure<SocketTransportOptions>(options => options.Backlog = Backlog);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionMemory.Factory>();
        return builder;
    }

    private static void Harden(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        KestrelServerLimits limits = options.Limits;
        limits.MaxConcurrentConnections = 10_000;
        limits.MaxConcurrentUpgradedConnections = 100;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestBodySize = DefaultMaxBodyBytes;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.Http2.MaxStreamsPerConnection = 100;
    }
}
