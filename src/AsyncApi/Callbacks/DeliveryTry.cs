namespace AsyncApi.Callbacks;

/// <summary>One try of a delivery. It is written down before it is made, so that none is forgotten.</summary>
internal sealed class DeliveryTry
{
    /// <summary>The <see cref="Delivery.Number"/> of what was tried.</summary>
    public long Delivery { get; init; }

    public int Attempt { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Null when nothing was sent, or nothing was heard of it any more.</summary>
    public long? DurationMicroseconds { get; init; }

    /// <summary>Null when nothing was answered.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Null when it was heard.</summary>
    public string? Error { get; init; }
}

/// <summary>A delivery and its tries, the first one first, as they stood in one read.</summary>
internal sealed record DeliveryRecord(Delivery Delivery, IReadOnlyList<DeliveryTry> Tries);
