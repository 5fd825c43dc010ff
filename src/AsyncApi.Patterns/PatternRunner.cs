using System.Globalization;

namespace AsyncApi.Patterns;

/// <summary>Runs patterns within bounds and leaves nothing behind.</summary>
public static class PatternRunner
{
    /// <summary>A run that takes longer is cancelled, and says so.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Runs a pattern to its end. When this returns or throws, no task of the run is left; those that the pattern did not wait for
    /// have been cancelled and waited for, and the trace is closed. What the pattern throws is part of the outcome.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static async Task<PatternOutcome> RunAsync(IPattern pattern, object parameters, PatternRun run, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(run);
        // Flows with the run and ends with it: what is written in it reads the same everywhere.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using CancellationTokenSource deadline = new(MaxDuration, run.Time);
        using CancellationTokenSource scope = CancellationTokenSource.CreateLinkedTokenSource(token, deadline.Token);
        object? result = null;
        PatternError? error = null;
        try
        {
            result = await pattern.RunAsync(parameters, run, scope.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            error = new PatternError(nameof(TimeoutException), $"The run took longer than {MaxDuration.TotalSeconds} s.");
        }
#pragma warning disable CA1031 // What a pattern throws is what it shows.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            error = PatternError.Of(failure);
        }
        finally
        {
            await scope.CancelAsync();
            await run.AllEndedAsync();
            run.Trace.Close();
        }

        token.ThrowIfCancellationRequested();
        return new PatternOutcome(pattern.Name, run.Trace.ElapsedMs, result, error, run.Trace.Spans, run.Trace.Events);
    }
}
