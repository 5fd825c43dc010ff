using System.Collections.Concurrent;
using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>
/// Tells watchers that a job's rows changed. It carries nothing: a watcher takes <see cref="JobWatch.Next"/>, reads the rows,
/// and awaits it only when they held no news, so that no change can slip between.
/// </summary>
internal sealed class JobSignals(StorageNews news)
{
    /// <summary>What stands before a job's id where other processes are told.</summary>
    public const string Topic = "job:";

    private readonly ConcurrentDictionary<Guid, JobWatch> _watched = new();
    private readonly ConcurrentDictionary<Guid, byte> _changed = new();
    private TaskCompletionSource _any = NewSignal();
    private bool _collects;

    /// <summary>It made progress. Call after the commit.</summary>
    public void Changed(Guid job)
    {
        if (_watched.TryGetValue(job, out JobWatch? watch))
        {
            watch.Pulse(turned: false);
        }

        Hear(job);
        Tell(job);
    }

    /// <summary>Its status became another. Call after the commit.</summary>
    public void Turned(Guid job)
    {
        if (_watched.TryGetValue(job, out JobWatch? watch))
        {
            watch.Pulse(turned: true);
        }

        Hear(job);
        Tell(job);
    }

    /// <summary>Another process changed it.</summary>
    public void ChangedElsewhere(Guid job)
    {
        if (_watched.TryGetValue(job, out JobWatch? watch))
        {
            watch.Pulse(turned: true);
        }

        Hear(job);
    }

    /// <summary>Any of those that are watched may have changed elsewhere.</summary>
    public void AnyChangedElsewhere()
    {
        foreach (JobWatch watch in _watched.Values)
        {
            watch.Pulse(turned: true);
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

    /// <summary>The jobs that changed since the last call, while somebody collects them.</summary>
    public IReadOnlyCollection<Guid> TakeChanged()
    {
        Guid[] changed = [.. _changed.Keys];
        foreach (Guid job in changed)
        {
            // Before it is read: a change from here on enters it anew.
            _changed.TryRemove(job, out _);
        }

        return changed;
    }

    /// <summary>Ends when a job changes, while somebody collects them.</summary>
    public Task NextOfAny => Volatile.Read(ref _any).Task;

    /// <summary>Whether changes of all jobs are collected.</summary>
    public bool Collects
    {
        get => Volatile.Read(ref _collects);
        set => Volatile.Write(ref _collects, value);
    }

    private void Tell(Guid job)
    {
        if (news.HasOthers)
        {
            news.Say($"{Topic}{job:N}");
        }
    }

    private void Hear(Guid job)
    {
        if (Collects)
        {
            _changed[job] = 0;
            Interlocked.Exchange(ref _any, NewSignal()).TrySetResult();
        }
    }

    internal static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Forget(JobWatch watch) => _watched.TryRemove(KeyValuePair.Create(watch.Job, watch));
}

/// <summary>A share in the changes of one job.</summary>
internal sealed class JobWatch(Guid job, JobSignals signals) : IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = JobSignals.NewSignal();
    private TaskCompletionSource _nextTurn = JobSignals.NewSignal();
    private Task<Job?>? _reading;
    private long _version;
    private long _readVersion;
    private int _watchers;

    public Guid Job { get; } = job;

    /// <summary>Ends with the next change after this was read.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Ends with the next change of status after this was read.</summary>
    public Task NextTurn => Volatile.Read(ref _nextTurn).Task;

    /// <summary>
    /// The job as it is after all changes that were told by now. Those who watch it read it once between two changes, however
    /// many they are.
    /// </summary>
    public Task<Job?> ReadAsync(JobStore jobs)
    {
        lock (_lock)
        {
            if (_reading is null || _readVersion != _version || _reading.IsFaulted)
            {
                _readVersion = _version;
                // Nobody's token: it is everybody's read.
                _reading = jobs.FindAsync(Job, CancellationToken.None);
            }

            return _reading;
        }
    }

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

    internal void Pulse(bool turned)
    {
        lock (_lock)
        {
            _version++;
        }

        Interlocked.Exchange(ref _next, JobSignals.NewSignal()).TrySetResult();
        if (turned)
        {
            Interlocked.Exchange(ref _nextTurn, JobSignals.NewSignal()).TrySetResult();
        }
    }
}
