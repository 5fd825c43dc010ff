using AsyncApi.Fetching;
using AsyncApi.Http.Input;

namespace AsyncApi.Callbacks;

/// <summary>What came of a try.</summary>
/// <param name="Error">What it failed with; null when it was heard.</param>
/// <param name="HttpStatus">What was answered, if anything was.</param>
/// <param name="Duration">Null when nothing was sent.</param>
internal sealed record TryAnswer(string? Error, int? HttpStatus = null, TimeSpan? Duration = null)
{
    private const int Gone = 410;

    public bool IsHeard => Error is null;

    /// <summary>The receiver is not there any more, and says so.</summary>
    public bool IsGone => HttpStatus == Gone;

    /// <summary>A 2xx was heard; a redirect is not followed and was not.</summary>
    public static TryAnswer Of(FetchResult result)
    {
        int? status = result.Status == 0 ? null : result.Status;
        if (status is >= 200 and < 300 && result.Reason == FetchReason.None)
        {
            return new TryAnswer(null, status, result.Duration);
        }

        string reason = EnumNames<FetchReason>.Of(result.Reason == FetchReason.None ? FetchReason.HttpStatus : result.Reason);
        return new TryAnswer(status is null ? reason : $"{reason} {status}", status, result.Duration);
    }
}
