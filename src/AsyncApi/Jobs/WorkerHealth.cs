namespace AsyncApi.Jobs;

/// <summary>Whether the worker's loop turns; <c>/health/ready</c> asks.</summary>
internal sealed class WorkerHealth(TimeProvider time)
{
    // A turn takes a poll at most, which may be configured up to a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private long _lastBeat = time.GetTimestamp();
    private volatile bool _faulty;

    public bool IsAlive => !_faulty && time.GetElapsedTime(Volatile.Read(ref _lastBeat)) < Patience;

    public void Beat()
    {
        Volatile.Write(ref _lastBeat, time.GetTimestamp());
        _faulty = false;
    }

    public void Fault() => _faulty = true;
}
