using AsyncApi.Http.Problems;

namespace AsyncApi.Http.Docs;

/// <summary>Documents <c>If-Match</c> and <c>If-None-Match</c>.</summary>
internal static class ConditionalDocsExtensions
{
    public static RouteHandlerBuilder WithConditionalRead(this RouteHandlerBuilder builder) => builder
        .WithHeader("If-None-Match", "The `ETag` of the version that is known: answered with 304 while it is the present one.", "\"3\"")
        .WithAnswer(304, "The version that the client has is the present one");

    public static RouteHandlerBuilder WithConditionalWrite(this RouteHandlerBuilder builder) => builder
        .WithHeader("If-Match", "The `ETag` of the version that is to be changed: with another one present, 412 and nothing happens.", "\"3\"")
        .ProducesProblems(ProblemTypes.PreconditionFailed);
}
