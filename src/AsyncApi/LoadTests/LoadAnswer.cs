using System.Runtime.InteropServices;
using AsyncApi.Fetching;

namespace AsyncApi.LoadTests;

/// <summary>What became of one request of a load test.</summary>
/// <param name="Status">The answer's; 0 when there was no whole answer.</param>
/// <param name="Bytes">Of its body.</param>
/// <param name="Reason">Why there was no whole answer, else <see cref="FetchReason.None"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LoadAnswer(int Status, long Bytes, FetchReason Reason = FetchReason.None)
{
    public bool IsSuccess => Status is >= 200 and < 400;

    /// <summary>What came to no connection says nothing of how fast the target is.</summary>
    public bool HasLatency => Reason is FetchReason.None or FetchReason.Timeout;
}
