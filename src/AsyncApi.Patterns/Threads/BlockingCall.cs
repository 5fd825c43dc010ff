using System.Diagnostics.CodeAnalysis;

namespace AsyncApi.Patterns.Threads;

/// <summary>A call that has no asynchronous form, such as the tutorials' <c>time.sleep</c>.</summary>
internal static class BlockingCall
{
    /// <summary>Holds its thread for so long on the run's clock.</summary>
    [SuppressMessage("Usage", "MA0045:Do not use blocking calls", Justification = "What the patterns around it are about.")]
    public static void Wait(PatternRun run, double seconds, CancellationToken token)
    {
        using ManualResetEventSlim over = new();
        using ITimer timer = run.Time.CreateTimer(_ => over.Set(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        over.Wait(token);
    }
}
