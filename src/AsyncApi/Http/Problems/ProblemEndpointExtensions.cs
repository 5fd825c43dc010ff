namespace AsyncApi.Http.Problems;

/// <summary>What the OpenAPI document says an endpoint may refuse with.</summary>
internal sealed record DocumentedProblems(IReadOnlyList<ProblemType> Types);

internal static class ProblemEndpointExtensions
{
    /// <summary>Documents these problems on the endpoint, or on every endpoint of the group; what both name adds up.</summary>
    public static TBuilder ProducesProblems<TBuilder>(this TBuilder builder, params ProblemType[] types)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new DocumentedProblems(types));
}
