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

    /// <summary>Every try, the first one first; the last fifty of a callback that was sent again over and over.</summary>
    public required IReadOnlyList<DeliveryTryView> Tries { get; init; }

    public static DeliveryView Of(DeliveryRecord record) => Of(record.Delivery) with { Tries = [.. record.Tries.Select(DeliveryTryView.Of)] };

    private static DeliveryView Of(Delivery delivery) => new()
    {
        Id = delivery.Id,
        Url = delivery.Url,
        Attempt = delivery.Attempt,
        Status = delivery.Status,
        Error = delivery.Error,
        At = delivery.At,
        NextAt = delivery.NextAt,
        Tries = [],
    };
}

/// <summary>One try of a callback.</summary>
internal sealed record DeliveryTryView
{
    public required int Attempt { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>From its connect to its answer; null when nothing was sent, and until it has ended.</summary>
    public double? DurationMs { get; init; }

    /// <summary>What the receiver answered; null when it did not.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>What it failed with; null when it was heard.</summary>
    public string? Error { get; init; }

    public static DeliveryTryView Of(DeliveryTry row) => new()
    {
        Attempt = row.Attempt,
        At = row.At,
        DurationMs = row.DurationMicroseconds is { } duration ? Math.Round(duration / 1000.0, 1) : null,
        HttpStatus = row.HttpStatus,
        Error = row.Error,
    };
}

/// <summary>The callbacks of a job.</summary>
/// <param name="Items">Empty when it has none, or is not over.</param>
internal sealed record DeliveriesView(IReadOnlyList<DeliveryView> Items);
