namespace AsyncApi.Patterns;

/// <summary>Something that happened in a run. Times are milliseconds since its start.</summary>
/// <param name="Task">Whom it happened to.</param>
public abstract record TraceEntry(string Task);

/// <summary>A task says something.</summary>
public sealed record PatternEvent(double AtMs, string Task, string Message) : TraceEntry(Task);

/// <summary>A task has started.</summary>
public sealed record PatternSpanStart(string Task, string Lane, double StartMs) : TraceEntry(Task);

/// <summary>A task from its start to its end.</summary>
/// <param name="Task">Its name.</param>
/// <param name="Lane">The line of a drawing that it belongs on.</param>
/// <param name="StartMs">When its first line ran.</param>
/// <param name="EndMs">When its last line had run, clean-up included.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record PatternSpan(string Task, string Lane, double StartMs, double EndMs, SpanOutcome Outcome) : TraceEntry(Task);

/// <summary>How a task ended.</summary>
public enum SpanOutcome
{
    /// <summary>With a result.</summary>
    Completed,

    /// <summary>With an exception.</summary>
    Failed,

    /// <summary>With <see cref="OperationCanceledException"/>.</summary>
    Cancelled,
}
