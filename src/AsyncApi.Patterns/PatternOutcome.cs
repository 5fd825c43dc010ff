namespace AsyncApi.Patterns;

/// <summary>What a run came to.</summary>
/// <param name="Pattern">The pattern's name.</param>
/// <param name="ElapsedMs">From the start to the end of the last task.</param>
/// <param name="Result">What the pattern returned; null when it failed.</param>
/// <param name="Error">What came out of it; null when it returned.</param>
/// <param name="Spans">Its tasks, in the order in which they started.</param>
/// <param name="Events">What they said.</param>
public sealed record PatternOutcome(
    string Pattern, double ElapsedMs, object? Result, PatternError? Error, IReadOnlyList<PatternSpan> Spans, IReadOnlyList<PatternEvent> Events);

/// <summary>An exception in words.</summary>
/// <param name="Type">Its class, without the namespace.</param>
/// <param name="Message">Its message.</param>
/// <param name="Errors">Those inside a group; null when it is none.</param>
public sealed record PatternError(string Type, string Message, IReadOnlyList<PatternError>? Errors = null)
{
    /// <summary>The exception, with those inside when it is a group.</summary>
    public static PatternError Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception is AggregateException group
            ? new PatternError(nameof(AggregateException), $"{group.InnerExceptions.Count} errors", [.. group.InnerExceptions.Select(Of)])
            : new PatternError(exception.GetType().Name, exception.Message);
    }
}
