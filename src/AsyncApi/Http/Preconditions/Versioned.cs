using AsyncApi.Http.Problems;

namespace AsyncApi.Http.Preconditions;

/// <summary>Answers about one version of a resource, with its tag.</summary>
internal static class Versioned
{
    /// <summary>The resource; 304 when the client has this version, 412 when it wanted another.</summary>
    public static IResult Read(HttpResponse response, Precondition precondition, long version, IResult resource)
    {
        EntityTag.Show(response, version);
        if (!precondition.Matches(version))
        {
            return Stale();
        }

        return precondition.NamesAsSeen(version) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : resource;
    }

    /// <summary>The refusal of a write whose precondition does not hold.</summary>
    public static ProblemResult Stale() =>
        Problem.PreconditionFailed("The resource is no longer, or not yet, at the version that the request names.");
}
