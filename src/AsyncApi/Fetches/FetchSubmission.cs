using AsyncApi.Fetching;

namespace AsyncApi.Fetches;

/// <summary>The JSON form of a submission, for the documentation; it is read member by member.</summary>
internal sealed record FetchSubmission
{
    public IReadOnlyList<string>? Urls { get; init; }

    public IReadOnlyList<SubmittedRequest>? Requests { get; init; }

    public FetchOptionsView? Options { get; init; }

    public FetchPriority? Priority { get; init; }

    public string? Label { get; init; }
}

internal sealed record SubmittedRequest
{
    public required string Url { get; init; }

    public string? Method { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public string? Body { get; init; }

    public string? BodyBase64 { get; init; }

    public string? Tag { get; init; }
}
