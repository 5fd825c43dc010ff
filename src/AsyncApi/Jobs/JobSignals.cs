using System.Collections.Concurrent;

namespace AsyncApi.Jobs;

/// <summary>
/// Tells watchers that a job's rows changed. It carries nothing: a watcher takes <see cref="JobWatch.Next"/>, reads the rows,
/// and awaits it only when they held no news, so that no change can slip between.
/// </summary>
internal sealed class JobSignals
{
    private readonly ConcurrentDictionary<Guid, JobWatch> _watched = new();

    /// <summary>Call after the commit.</summary>
    public void Changed(Guid job)
    {
        if (_watched.TryGetValue(job, out JobWatch? watch))
        {
            watch.Pulse();
        }
    }

    /// <summary>Begin to watch; dispose to end. Watchers of one job share what there is.</summary>
    public JobWatch Watch(Guid job)
    {
        while (true)
        {
            JobWatch watch = _watched.GetOrAdd(job, static (id, signals) => new JobWatch(id, signals), this);
            if (watch.TryEnter())
            {
                return watch;
            }
        }
    }

    internal void Forget(JobWatch watch) => _watched.TryRemove(KeyValuePair.Create(watch.Job, watch));
}

/// <summary>A share in the changes of one job.</summary>
internal sealed class JobWatch(Guid job, JobSignals signals) : IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = Fresh();
    private int _watchers;

    public Guid Job { get; } = job;

    /// <summary>Ends with the next change after this was read.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Dispose()
    {
        lock (_lock)
        {
            if (--_watchers == 0)
            {
                _watchers = -1;
                signals.Forget(this);
            }
        }
    }

    internal bool TryEnter()
    {
        lock (_lock)
        {
            if (_watchers < 0)
            {
                return false;
            }

            _watchers++;
            return true;
        }
    }

    internal void Pulse() => Interlocked.Exchange(ref _next, Fresh()).TrySetResult();

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
