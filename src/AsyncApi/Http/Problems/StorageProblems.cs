using AsyncApi.Storage;

namespace AsyncApi.Http.Problems;

/// <summary>What the storage's failures are to a client.</summary>
internal static class StorageProblems
{
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(2);

    public static ProblemResult? Of(Exception failure) => failure switch
    {
        _ when StorageErrors.IsFull(failure) =>
            Problem.Of(ProblemTypes.InsufficientStorage, "There is no room for it. Nothing was kept of this request."),
        _ when StorageErrors.IsUnavailable(failure) => Problem.RetryLater(ProblemTypes.Unavailable, ComeBack, "The database cannot be reached."),
        _ => null,
    };
}
