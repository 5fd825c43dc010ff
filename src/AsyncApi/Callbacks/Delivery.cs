namespace AsyncApi.Callbacks;

/// <summary>What somebody is to be told, until it was heard or given up.</summary>
internal sealed class Delivery
{
    public long Number { get; set; }

    /// <summary>The <c>webhook-id</c>, the same on every try: receivers know by it what they have seen.</summary>
    public required Guid Id { get; init; }

    /// <summary>The job that is over.</summary>
    public required Guid JobId { get; init; }

    public required string Url { get; init; }

    /// <summary>Name and port of the receiver, which limits how many are told at once.</summary>
    public required string Host { get; init; }

    public DeliveryStatus Status { get; set; }

    /// <summary>Tries in all.</summary>
    public int Attempt { get; set; }

    /// <summary>Tries since it was begun, or sent again by hand: where it is in its schedule.</summary>
    public int Tries { get; set; }

    /// <summary>Counts who had it. A try that is no longer the last to have it writes nothing.</summary>
    public long Claim { get; set; }

    public string? Error { get; set; }

    /// <summary>When it was last tried.</summary>
    public DateTimeOffset? At { get; set; }

    /// <summary>When it is tried next; null when it is not. While it is being tried: when, if nothing is heard of that try any more.</summary>
    public DateTimeOffset? NextAt { get; set; }
}

/// <summary>Where a delivery is.</summary>
internal enum DeliveryStatus
{
    /// <summary>It will be tried, or is being tried.</summary>
    Pending,

    /// <summary>The receiver has answered with 2xx.</summary>
    Delivered,

    /// <summary>It is given up.</summary>
    Failed,
}
