using System.Runtime.ExceptionServices;

namespace AsyncApi.Fetches.Results;

/// <summary>How far the results of a fetch are known. Each change makes another one.</summary>
/// <param name="end">The seq of the last result.</param>
/// <param name="isOver">Nothing comes behind that.</param>
/// <param name="failure">Why nothing more can be learnt.</param>
internal sealed class TailNews(int end, bool isOver, Exception? failure = null)
{
    private readonly ExceptionDispatchInfo? _failure = failure is null ? null : ExceptionDispatchInfo.Capture(failure);

    public int End => end;

    public bool IsOver => isOver;

    /// <summary>No other news follows.</summary>
    public bool IsLast => isOver || _failure is not null;

    public TailNews OrThrow()
    {
        _failure?.Throw();
        return this;
    }
}
