namespace AsyncApi.Callbacks;

/// <summary>A callback and how far it is.</summary>
internal sealed record DeliveryView
{
    /// <summary>The <c>webhook-id</c>, the same on every try.</summary>
    public required Guid Id { get; init; }

    public required string Url { get; init; }

    /// <summary>Tries so far.</summary>
    public required int Attempt { get; init; }

    public required DeliveryStatus Status { get; init; }

    /// <summary>What the last try failed with: a fetch's reason, with the status where there was one.</summary>
    public string? Error { get; init; }

    /// <summary>When it was last tried.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>When it is tried next; null when it is not.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public static DeliveryView Of(Delivery delivery) => new()
    {
        Id = delivery.Id,
        Url = delivery.Url,
        Attempt = delivery.Attempt,
        Status = delivery.Status,
        Error = delivery.Error,
        At = delivery.At,
        NextAt = delivery.NextAt,
    };
}

/// <summary>The callbacks of a job.</summary>
/// <param name="Items">Empty when it has none, or is not over.</param>
internal sealed record DeliveriesView(IReadOnlyList<DeliveryView> Items);
