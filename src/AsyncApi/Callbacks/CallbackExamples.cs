namespace AsyncApi.Callbacks;

/// <summary>What the documentation shows.</summary>
internal static class CallbackExamples
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 8, 15, 30, 123, TimeSpan.Zero);

    public static DeliveryView Failing { get; } = new()
    {
        Id = Guid.Parse("019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a003"),
        Url = "https://me.example/hook",
        Attempt = 2,
        Status = DeliveryStatus.Pending,
        Error = "httpStatus 503",
        At = At,
        NextAt = At.AddMinutes(5),
        Tries =
        [
            new DeliveryTryView { Attempt = 1, At = At.AddSeconds(-20), DurationMs = 15_000.2, Error = "timeout" },
            new DeliveryTryView { Attempt = 2, At = At, DurationMs = 84.1, HttpStatus = 503, Error = "httpStatus 503" },
        ],
    };

    public static DeliveryView Again { get; } = Failing with { NextAt = At.AddSeconds(20) };

    public static DeliveriesView List { get; } = new([Failing]);
}
