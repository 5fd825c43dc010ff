using AsyncApi.Storage;

namespace AsyncApi.Http.Problems;

/// <summary>What the storage's failures are to a client.</summary>
internal static class StorageProblems
{
    public static ProblemResult? Of(Exception failure) => failure is StorageFullException
        ? Problem.Of(ProblemTypes.InsufficientStorage, "There is no room for it. Nothing was kept of this request.")
        : null;
}
