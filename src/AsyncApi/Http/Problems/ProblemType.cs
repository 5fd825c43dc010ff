namespace AsyncApi.Http.Problems;

/// <summary>One kind of refusal: what a client may branch on, and the page that explains it.</summary>
/// <param name="Slug">The last segment of the problem's <c>type</c>; never changes once published.</param>
/// <param name="Status">The HTTP status that always goes with it.</param>
/// <param name="Title">A few words, the same for every occurrence.</param>
/// <param name="Explanation">What happened, for the problem's page.</param>
/// <param name="Remedy">What the caller can do about it.</param>
internal sealed record ProblemType(string Slug, int Status, string Title, string Explanation, string Remedy)
{
    /// <summary>The relative reference that stands in <c>type</c>, and under which the page is served.</summary>
    public string Uri { get; } = $"/problems/{Slug}";
}
