using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AsyncApi.Echo;

/// <summary>Section <c>Echo</c>. Both servers listen on loopback alone.</summary>
internal sealed class EchoOptions
{
    public const string Section = "Echo";

    /// <summary>Whether they run at all: something to try clients on, and nothing for production.</summary>
    public bool Enabled { get; set; }

    /// <summary>0 takes any that is free.</summary>
    [Range(0, 65_535)]
    public int TcpPort { get; set; } = 8888;

    /// <summary>0 takes any that is free.</summary>
    [Range(0, 65_535)]
    public int UdpPort { get; set; } = 9999;

    /// <summary>Bytes of one line, its end included; who sends a longer one is cut off.</summary>
    [Range(1, 1_048_576)]
    public int MaxLineBytes { get; set; } = 65_536;

    /// <summary>How long a connection may neither send nor take anything.</summary>
    [Range(0.1, 3_600)]
    public double IdleSeconds { get; set; } = 30;

    /// <summary>How long a connection may last, whatever it does.</summary>
    [Range(0.1, 86_400)]
    public double LifeSeconds { get; set; } = 60;

    /// <summary>Connections at a time; more are closed at once.</summary>
    [Range(1, 10_000)]
    public int MaxConnections { get; set; } = 200;

    /// <summary>Datagrams a second that one address gets back; more are dropped.</summary>
    [Range(1, 100_000)]
    public int DatagramsPerSecond { get; set; } = 50;
}

[OptionsValidator]
internal sealed partial class EchoOptionsValidator : IValidateOptions<EchoOptions>;
