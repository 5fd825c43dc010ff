using System.Runtime.CompilerServices;

namespace AsyncApi.Fetching;

/// <summary>The ranges of the options: out of them a request could never start, or a clock would overflow.</summary>
internal static class OptionRules
{
    public const int MostConcurrency = 5_000;

    // A timer takes no more than some weeks.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(30);

    /// <exception cref="ArgumentOutOfRangeException">Names the option.</exception>
    public static void ThrowIfBroken(FetchOptions options)
    {
        ThrowIfOutside(options.Concurrency, 1, MostConcurrency);
        ThrowIfOutside(options.PerHostConcurrency, 1, 1_000);
        ThrowIfOutside(options.Timeout, TimeSpan.FromTicks(1), TimeSpan.FromDays(1));
        ThrowIfOutside(options.MaxBodyBytes, 0, 1024L * 1024 * 1024);
        ThrowIfOutside(options.MaxRedirects, 0, 20);
        ThrowIfOutside((int)options.Priority, (int)FetchPriority.Low, (int)FetchPriority.High);
        ThrowIfOutside((int)options.StopWhen, (int)FetchStopWhen.Never, (int)FetchStopWhen.FirstCompletion);
        ThrowIfOutside(options.RequestsPerSecond, 0, 10_000);
        ThrowIfOutside(options.RequestTimeout, TimeSpan.Zero, TimeSpan.FromDays(1));
        ThrowIfOutside(options.Deadline, TimeSpan.Zero, TimeSpan.FromDays(7));
        ThrowIfOutside(options.Retry.MaxRetries, 0, 20);
        ThrowIfOutside(options.Retry.BaseDelay, TimeSpan.Zero, LongestDelay);
        ThrowIfOutside(options.Retry.MaxDelay, TimeSpan.Zero, LongestDelay);
    }

    /// <exception cref="ArgumentOutOfRangeException">Names the option.</exception>
    public static void ThrowIfBroken(FetchEngineOptions options)
    {
        ThrowIfOutside(options.MaxConcurrency, 1, 100_000);
        ThrowIfOutside(options.HostConcurrency, 1, 100_000);
        ThrowIfOutside(options.SpoolThreshold, 0, 64 * 1024 * 1024);
        ThrowIfOutside(options.MaxUnreadBodyBytes, 1, long.MaxValue);
        ThrowIfOutside(options.Circuit.FailureRatio, double.Epsilon, 1);
        ThrowIfOutside(options.Circuit.MinimumAttempts, 2, 10_000);
        ThrowIfOutside(options.Circuit.Window, TimeSpan.FromSeconds(0.5), TimeSpan.FromHours(1));
        ThrowIfOutside(options.Circuit.OpenFor, TimeSpan.FromSeconds(0.5), TimeSpan.FromHours(1));
    }

    /// <exception cref="ArgumentOutOfRangeException">Names the limit.</exception>
    public static void ThrowIfBroken(HostLimits limits)
    {
        ThrowIfOutside(limits.Concurrency ?? 1, 1, 100_000, "limits.Concurrency");
        ThrowIfOutside(limits.RequestsPerSecond, 0, 10_000);
    }

    private static void ThrowIfOutside<T>(T value, T least, T most, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : IComparable<T>
    {
        // Not a number compares as less than all.
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw new ArgumentOutOfRangeException(name, value, $"From {least} to {most}.");
        }
    }
}
