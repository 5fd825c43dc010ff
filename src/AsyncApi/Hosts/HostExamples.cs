using AsyncApi.Fetching;

namespace AsyncApi.Hosts;

/// <summary>What the documentation shows.</summary>
internal static class HostExamples
{
    public static SubmittedHostLimits Limits { get; } = new() { Concurrency = 4, RequestsPerSecond = 10 };

    public static HostView Open { get; } = new()
    {
        Host = "example.com:443",
        Waiting = 40,
        Concurrency = 4,
        RequestsPerSecond = 10,
        Circuit = CircuitState.Open,
        OpenUntil = new DateTimeOffset(2026, 11, 20, 8, 15, 45, 123, TimeSpan.Zero),
    };

    public static HostView Closed { get; } = Open with { Running = 4, Circuit = CircuitState.Closed, OpenUntil = null };

    public static HostList List { get; } = new([Open]);
}
