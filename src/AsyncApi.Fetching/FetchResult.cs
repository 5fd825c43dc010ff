using System.Net.Http.Headers;

namespace AsyncApi.Fetching;

/// <summary>
/// What became of one request. Each request of a fetch has exactly one. Dispose it to give its body's memory back to
/// the pool; not doing so costs garbage, nothing else.
/// </summary>
public sealed class FetchResult : IDisposable
{
    internal FetchResult(FetchRequest request) => Request = request;

    /// <summary>The request.</summary>
    public FetchRequest Request { get; }

    /// <summary>How it ended.</summary>
    public FetchOutcome Outcome { get; internal init; }

    /// <summary>Why it did not succeed, else <see cref="FetchReason.None"/>.</summary>
    public FetchReason Reason { get; internal init; }

    /// <summary>The reason in words for people, without addresses; null on success.</summary>
    public string? Message { get; internal init; }

    /// <summary>The final HTTP status, or 0 when no answer came.</summary>
    public int Status { get; internal init; }

    /// <summary>Attempts made.</summary>
    public int Attempts { get; internal init; }

    /// <summary>When the first attempt began.</summary>
    public DateTimeOffset StartedAt { get; internal init; }

    /// <summary>The last attempt's time, from its slot to its last byte.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>All waiting: for slots and between attempts.</summary>
    public TimeSpan Waited { get; internal init; }

    /// <summary>Where redirects led; null when the answer came from the request's own URL.</summary>
    public Uri? FinalUrl { get; internal init; }

    /// <summary>The answer's headers as they came; null when no answer came.</summary>
    public HttpResponseHeaders? Headers { get; internal init; }

    /// <summary>The answer's content headers as they came; null when no answer came.</summary>
    public HttpContentHeaders? ContentHeaders { get; internal init; }

    /// <summary>What was kept of the answer's body.</summary>
    public FetchBody Body { get; internal init; } = FetchBody.Empty;

    /// <summary>The <c>Content-Type</c> as it came.</summary>
    public string? ContentType =>
        ContentHeaders is not null && ContentHeaders.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values)
            ? values.ToString()
            : null;

    /// <summary>Each attempt in order; empty when none was made.</summary>
    public IReadOnlyList<FetchAttempt> Timeline { get; internal init; } = [];

    /// <inheritdoc/>
    public void Dispose() => Body.Dispose();

    /// <summary>The result of a request that was never tried, since its fetch was over.</summary>
    internal static FetchResult NeverTried(FetchRequest request, FetchReason reason, DateTimeOffset now) =>
        new FetchResult(request) { StartedAt = now }.CutBy(reason);

    /// <summary>What is left of the result when its fetch was cut before: whatever the answer was, nobody waited for it any more.</summary>
    internal FetchResult CutBy(FetchReason reason) => new(Request)
    {
        Outcome = FetchOutcome.Cancelled,
        Reason = reason,
        Message = reason switch
        {
            FetchReason.Deadline => "The fetch's deadline was over.",
            FetchReason.Stopped => "The outcome of another request ended the fetch.",
            _ => "The fetch was cancelled.",
        },
        Attempts = Attempts,
        StartedAt = StartedAt,
        Duration = Duration,
        Waited = Waited,
        Timeline = Timeline,
    };
}
