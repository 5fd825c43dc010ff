using System.Net.Http.Headers;

namespace AsyncApi.Fetching.Sending;

/// <summary>What one attempt came to. Never an exception: whatever happens has a reason.</summary>
internal sealed class AttemptOutcome
{
    public FetchReason Reason { get; init; }

    public string? Message { get; init; }

    public int Status { get; init; }

    public Uri? FinalUrl { get; init; }

    public HttpResponseHeaders? Headers { get; init; }

    public HttpContentHeaders? ContentHeaders { get; init; }

    public FetchBody Body { get; init; } = FetchBody.Empty;

    public TimeSpan Duration { get; set; }

    /// <summary>True when nothing of the request left the process.</summary>
    public bool NeverLeft { get; init; }

    /// <summary>What the answer's <c>Retry-After</c> asked for.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Nothing was sent, since the host had asked all to stay away for longer than this fetch waits.</summary>
    public static AttemptOutcome Held(int status, TimeSpan wait) => new()
    {
        Reason = FetchReason.HttpStatus,
        Message = $"The host answered {status} to another request and asked to wait for {wait.TotalSeconds:0} s, longer than retry.maxDelaySeconds or the fetch's deadline allow.",
        Status = status,
        NeverLeft = true,
    };

    /// <summary>Nothing was sent, since the host stayed broken for longer than the request's retries last.</summary>
    public static AttemptOutcome CircuitOpen(int periods) => new()
    {
        Reason = FetchReason.CircuitOpen,
        Message = $"The host is broken: its circuit stayed open, and waiting for it {periods} times used the request's retries up.",
        NeverLeft = true,
    };

    public static AttemptOutcome Failed(FetchReason reason, string message, bool neverLeft = false) =>
        new() { Reason = reason, Message = message, NeverLeft = neverLeft };

    /// <summary>The same, but final and for another reason; the body is kept.</summary>
    public AttemptOutcome Because(FetchReason reason, string message) => new()
    {
        Reason = reason,
        Message = message,
        Status = Status,
        FinalUrl = FinalUrl,
        Headers = Headers,
        ContentHeaders = ContentHeaders,
        Body = Body,
        Duration = Duration,
    };
}
