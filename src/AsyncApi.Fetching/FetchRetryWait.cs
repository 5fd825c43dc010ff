namespace AsyncApi.Fetching;

/// <summary>A request between two attempts: all that its next attempt has to know of the earlier ones.</summary>
/// <param name="NotBefore">When the next attempt may start.</param>
/// <param name="Timeline">The attempts so far, in order; at least one.</param>
/// <param name="WaitsFor"><see cref="FetchWaitReason.Retry"/>, or <see cref="FetchWaitReason.RetryAfter"/> when the host asked for it.</param>
public sealed record FetchRetryWait(DateTimeOffset NotBefore, IReadOnlyList<FetchAttempt> Timeline, FetchWaitReason WaitsFor);
