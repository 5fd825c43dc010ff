namespace AsyncApi.Http.Docs;

/// <summary>The shape of every error answer, for the document alone: the answers themselves are written by hand.</summary>
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
