namespace AsyncApi.Http.Docs;

/// <summary>An error (RFC 9457); <c>type</c> leads to a page about it.</summary>
// For the document alone: the answers themselves are written by hand.
internal sealed record ProblemDocument
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public string? Detail { get; init; }

    public required string Instance { get; init; }

    public required string RequestId { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }
}
