using System.ComponentModel.DataAnnotations;
using AsyncApi.Fetching;

namespace AsyncApi.Hosts;

/// <summary>The hosts that are in use, held, broken or limited now.</summary>
internal sealed record HostList(IReadOnlyList<HostView> Items);

/// <summary>A host that requests go to, over all fetches.</summary>
internal sealed record HostView
{
    /// <summary>Name and port.</summary>
    public required string Host { get; init; }

    /// <summary>Requests in flight.</summary>
    public int Running { get; init; }

    /// <summary>Requests that wait, for whatever reason.</summary>
    public long Waiting { get; init; }

    /// <summary>How many may be in flight.</summary>
    public int Concurrency { get; init; }

    /// <summary>How many may start in any second; 0 for no limit.</summary>
    public double RequestsPerSecond { get; init; }

    /// <summary>Whether it counts as broken.</summary>
    public CircuitState Circuit { get; init; }

    /// <summary>When an open circuit lets a probe through.</summary>
    public DateTimeOffset? OpenUntil { get; init; }

    /// <summary>Until when it asked to be left alone.</summary>
    public DateTimeOffset? RetryAfterUntil { get; init; }
}

/// <summary>The service-wide limits of one host; what is left out stays, null takes the service's default.</summary>
internal sealed record SubmittedHostLimits
{
    /// <summary>Requests in flight at once, over all fetches.</summary>
    [Range(1, HostChange.MaxConcurrency)]
    public int? Concurrency { get; init; }

    /// <summary>Requests that start in any second, over all fetches; fractions are allowed, 0 is for no limit.</summary>
    [Range(0, HostChange.MaxRequestsPerSecond)]
    public double? RequestsPerSecond { get; init; }
}
