using System.Collections.Concurrent;

namespace AsyncApi.Jobs;

/// <summary>Whether the service's loops turn; <c>/health/ready</c> asks. A loop that met a fault is not well until it has turned again.</summary>
internal sealed class LoopHealth(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Loop> _loops = new(StringComparer.Ordinal);

    public bool IsAlive => Troubled.Count == 0;

    /// <summary>The names of the loops that do not turn.</summary>
    public IReadOnlyList<string> Troubled =>
        [.. _loops.Where(loop => loop.Value.Faulty || time.GetElapsedTime(loop.Value.LastTurn) > loop.Value.Patience).Select(loop => loop.Key).Order(StringComparer.Ordinal)];

    /// <param name="patience">How long a turn takes at most.</param>
    public void Turn(string loop, TimeSpan patience) => _loops[loop] = new Loop(time.GetTimestamp(), patience, Faulty: false);

    public void Fault(string loop) => _loops[loop] = new Loop(time.GetTimestamp(), TimeSpan.MaxValue, Faulty: true);

    private readonly record struct Loop(long LastTurn, TimeSpan Patience, bool Faulty);
}
