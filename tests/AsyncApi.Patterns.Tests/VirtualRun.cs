using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests;

/// <summary>
/// Runs patterns in virtual time: the clock goes to the next timer whenever nothing is left to do at the present instant, so
/// that a run takes no time and the times in its trace are exact.
/// </summary>
internal static class VirtualRun
{
    /// <summary>Runs a pattern by its name, with parameters as a client would send them.</summary>
    public static Task<PatternOutcome> RunAsync(string name, object? parameters = null, int seed = 1)
        => RunAsync(name, parameters, onInstant: null, seed, TestContext.Current.CancellationToken);

    /// <inheritdoc cref="RunAsync(string, object?, int)"/>
    /// <param name="onInstant">Called whenever everything waits, with the milliseconds of the clock.</param>
    public static async Task<PatternOutcome> RunAsync(string name, object? parameters, Action<double>? onInstant, int seed, CancellationToken token)
    {
        IPattern pattern = PatternCatalog.Find(name).ShouldNotBeNull();
        JsonElement json = JsonSerializer.SerializeToElement(parameters ?? new { });
        PatternParameters.TryRead(pattern.Parameters, json, out object values, out IReadOnlyList<PatternFault> faults).ShouldBeTrue(string.Join("; ", faults));
        ManualTime time = new();
        PatternRun run = new(time, random: new Random(seed));
        PatternOutcome outcome = await DriveAsync(
            time, () => PatternRunner.RunAsync(pattern, values, run, token), () => onInstant?.Invoke(run.Trace.ElapsedMs));
        outcome.ElapsedMs.ShouldBeLessThan(PatternRunner.MaxDuration.TotalMilliseconds, "Only the run's own limit ended it.");
        return outcome;
    }

    /// <summary>Runs anything that waits on the clock alone, on a thread of its own: the pool's are busy with the code under test only.</summary>
    public static async Task<T> DriveAsync<T>(ManualTime time, Func<Task<T>> start, Action? onInstant = null)
        => await await Task.Factory.StartNew(
            () => Drive(time, start, onInstant), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<T> Drive<T>(ManualTime time, Func<Task<T>> start, Action? onInstant)
    {
        PoolQuiet quiet = new();
        Task<T> running = quiet.Start(start);
        while (true)
        {
            quiet.Wait();
            if (running.IsCompleted)
                return running;
            onInstant?.Invoke();
            quiet.Wait();
            if (!running.IsCompleted && !time.AdvanceToNextTimer())
                throw new InvalidOperationException("Everything waits and no timer runs: a deadlock.");
        }
    }
}
