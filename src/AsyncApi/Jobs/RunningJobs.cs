using System.Collections.Concurrent;

namespace AsyncApi.Jobs;

/// <summary>The jobs that this process works on now.</summary>
internal sealed class RunningJobs
{
    private readonly ConcurrentDictionary<Guid, CancellationTokenSource> _cancelled = new();

    public int Count => _cancelled.Count;

    /// <summary>Tells the job's work that its user wants it to end; it has heard when this returns.</summary>
    public Task CancelAsync(Guid job) =>
        _cancelled.TryGetValue(job, out CancellationTokenSource? source) ? source.CancelAsync() : Task.CompletedTask;

    internal CancellationToken Enter(Job job)
    {
        CancellationTokenSource source = new();
        _cancelled[job.Id] = source;
        return source.Token;
    }

    // Not disposed: a user's wish may be on its way into it.
    internal void Leave(Job job) => _cancelled.TryRemove(job.Id, out _);
}
