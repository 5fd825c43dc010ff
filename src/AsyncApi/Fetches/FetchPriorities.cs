using AsyncApi.Fetching;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches;

/// <summary>A job's priority is its fetch's weight.</summary>
internal static class FetchPriorities
{
    public static string NameOf(int weight) => EnumNames<FetchPriority>.Of((FetchPriority)weight);
}
