namespace AsyncApi.Hosts;

/// <summary>The service-wide limits that were set for a host; one without such limits has no row.</summary>
internal sealed class HostLimitRow
{
    /// <summary>Name and port.</summary>
    public required string Host { get; init; }

    /// <summary>Null for the service's default.</summary>
    public int? Concurrency { get; set; }

    /// <summary>0 for no limit.</summary>
    public double RequestsPerSecond { get; set; }
}

/// <summary>Until when a host asked to be left alone: a restart is no excuse.</summary>
internal sealed class HostHoldRow
{
    /// <summary>Scheme, name and port.</summary>
    public required string Host { get; init; }

    public DateTimeOffset Until { get; set; }
}
