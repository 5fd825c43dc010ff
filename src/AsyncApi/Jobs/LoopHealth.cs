using System.Collections.Concurrent;

namespace AsyncApi.Jobs;

/// <summary>
/// Whether the service's loops turn; <c>/health/ready</c> asks. A loop that met a fault is not well until a turn has ended without
/// one, or has gone on for so long that it must be past the place.
/// </summary>
internal sealed class LoopHealth(TimeProvider time)
{
    // Some loops wait before they do their work, for 5 s at most, and some for as long as there is none.
    private static readonly TimeSpan Past = TimeSpan.FromSeconds(6);

    private readonly ConcurrentDictionary<string, Loop> _loops = new(StringComparer.Ordinal);

    public bool IsAlive => Troubled.Count == 0;

    /// <summary>The names of the loops that do not turn.</summary>
    public IReadOnlyList<string> Troubled =>
        [.. _loops.Where(loop => loop.Value.IsTroubled(time)).Select(loop => loop.Key).Order(StringComparer.Ordinal)];

    /// <param name="patience">How long a turn takes at most.</param>
    public void Turn(string loop, TimeSpan patience) =>
        _loops[loop] = new Loop(time.GetTimestamp(), patience, _loops.TryGetValue(loop, out Loop before) && before.Faulty);

    /// <summary>A turn has ended as it should.</summary>
    public void Turned(string loop) => _loops[loop] = new Loop(time.GetTimestamp(), Turning: null, Faulty: false);

    /// <summary>A turn has met a fault; the next one is put off.</summary>
    public void Fault(string loop) => _loops[loop] = new Loop(time.GetTimestamp(), Turning: null, Faulty: true);

    /// <param name="Turning">How long the turn may take; null between two turns.</param>
    private readonly record struct Loop(long Since, TimeSpan? Turning, bool Faulty)
    {
        public bool IsTroubled(TimeProvider time) => Turning is { } patience
            ? time.GetElapsedTime(Since) is var turning && (turning > patience || (Faulty && turning < Past))
            : Faulty;
    }
}
