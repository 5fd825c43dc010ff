using AsyncApi.Fetching;

namespace AsyncApi.Fetches.Running;

internal static class FetchReasons
{
    public static readonly int Count = Enum.GetValues<FetchReason>().Length;

    /// <summary>What a request came to that was given up for this reason.</summary>
    public static FetchOutcome OutcomeOf(FetchReason reason) =>
        reason is FetchReason.Cancelled or FetchReason.Stopped or FetchReason.Deadline ? FetchOutcome.Cancelled : FetchOutcome.Failed;
}
