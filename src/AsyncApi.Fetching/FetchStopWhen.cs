namespace AsyncApi.Fetching;

/// <summary>Whether one outcome ends a whole fetch: the tutorials' ways to wait.</summary>
public enum FetchStopWhen
{
    /// <summary>Every request gets its outcome: <c>gather(return_exceptions=True)</c>.</summary>
    Never,

    /// <summary>The first failure cancels the rest: <c>TaskGroup</c>.</summary>
    FirstFailure,

    /// <summary>The first success cancels the rest: a race.</summary>
    FirstSuccess,

    /// <summary>The first outcome of either kind cancels the rest: <c>wait(FIRST_COMPLETED)</c>.</summary>
    FirstCompletion,
}
