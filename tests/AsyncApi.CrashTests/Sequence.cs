// Each test starts processes of its own and loads them; side by side they would only measure each other. One lane is for those
// that for the most part wait for a time to pass.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly, MaxParallelThreads = 2)]

namespace AsyncApi.CrashTests;

/// <summary>The lanes of this project.</summary>
internal static class Lane
{
    /// <summary>For tests that wait for minutes and load the machine for seconds.</summary>
    public const string Waiting = "Waiting";
}
