using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace AsyncApi.Jobs;

/// <summary>The jobs that this process works on now, and the ways to reach their work.</summary>
internal sealed class RunningJobs
{
    private readonly ConcurrentDictionary<Guid, RunningJob> _jobs = new();
    private long _wishes;

    public int Count => _jobs.Count;

    public int CountOf(string kind) => _jobs.Count(job => job.Value.Kind == kind);

    public bool Contains(Guid job) => _jobs.ContainsKey(job);

    /// <summary>Counts what users wished for: who finds it changed between a claim and <see cref="Enter"/> looks at the row again.</summary>
    public long Wishes => Interlocked.Read(ref _wishes);

    /// <summary>Tells the job's work that its user wants it to end; it has heard when this returns.</summary>
    public Task CancelAsync(Guid job) => Find(job)?.CancelAsync() ?? Task.CompletedTask;

    /// <summary>Tells the job's work that its user wants it to rest; it has heard when this returns.</summary>
    public Task PauseAsync(Guid job) => Find(job)?.PauseAsync() ?? Task.CompletedTask;

    internal RunningJob Enter(Job job) => _jobs[job.Id] = new RunningJob(job.Kind);

    internal void Leave(Job job) => _jobs.TryRemove(job.Id, out _);

    // Counted first: a wish that comes too early to find the job is seen by whoever enters it.
    private RunningJob? Find(Guid job)
    {
        Interlocked.Increment(ref _wishes);
        return _jobs.GetValueOrDefault(job);
    }
}

/// <summary>One of them.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A user's wish may be on its way into the sources; they hold nothing but memory.")]
internal sealed class RunningJob(string kind)
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _paused = new();

    public string Kind => kind;

    public CancellationToken Cancelled => _cancelled.Token;

    public CancellationToken Paused => _paused.Token;

    public Task CancelAsync() => _cancelled.CancelAsync();

    public Task PauseAsync() => _paused.CancelAsync();
}
