using AsyncApi.Fetching;

namespace AsyncApi.Fetches.Running;

/// <summary>Why a fetch ended before all of its requests did: what the results of the rest say.</summary>
internal sealed record FetchEnding(FetchReason Reason, string Message)
{
    public static FetchEnding Cancelled { get; } = new(FetchReason.Cancelled, "Cancelled before it was over.");

    public static FetchEnding GivenUp { get; } = new(FetchReason.Stopped, "The fetch failed before it was over.");

    public static FetchEnding StopCondition { get; } = new(FetchReason.Stopped, "Another outcome ended the fetch before it was over (stopWhen).");

    public static FetchEnding Deadline { get; } = new(FetchReason.Deadline, "The fetch's deadline came before it was over.");
}
