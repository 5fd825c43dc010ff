using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>What a kind of job does. A kind is one of these in its feature's folder.</summary>
internal interface IJobHandler
{
    /// <summary>The kind's name in the contract.</summary>
    string Kind { get; }

    /// <summary>
    /// Whether users may pause it. A paused job is handed back, as when the service stops, and claimed again when it is resumed:
    /// while it rests it costs nothing, and a restart changes nothing.
    /// </summary>
    bool CanPause => false;

    /// <summary>
    /// Does the work, from where earlier claims left it. Called again after a crash or a stop, never twice at once.
    /// What it throws fails the job, unless the lease was lost or the service is stopping.
    /// </summary>
    Task<JobOutcome> RunAsync(JobWork work);

    /// <summary>
    /// Called instead of another run of a job that failed, or under which the process died too often: writes down, for each part
    /// that was not done, that it will not be. The job has failed after this, whatever comes of it.
    /// </summary>
    Task GiveUpAsync(JobWork work) => Task.CompletedTask;

    /// <summary>
    /// Part of the transaction that deletes a job that is over: hides its data from everybody. Returns what removes them, in bites
    /// that hold nobody up, or null when there are none. What a stop or a crash leaves of them is the feature's to find at the next start.
    /// </summary>
    ValueTask<Func<CancellationToken, Task>?> HideAsync(Guid job, WriteSession session, CancellationToken token) => new((Func<CancellationToken, Task>?)null);
}

/// <summary>What a handler works with.</summary>
/// <param name="Lease">The right to write.</param>
/// <param name="Cancelled">The user wants the job to end: end it as cancelled.</param>
/// <param name="Stopping">The service stops, or the user paused the job: begin nothing more, end what is begun, hand the job back.</param>
/// <param name="Aborted">The time for that is over, or the lease is lost: leave at once, write nothing.</param>
internal sealed record JobWork(JobLease Lease, CancellationToken Cancelled, CancellationToken Stopping, CancellationToken Aborted);

/// <summary>How a handler left its job.</summary>
internal abstract record JobOutcome
{
    /// <summary>The job is over.</summary>
    public sealed record Over(JobStatus Status, string? Error = null) : JobOutcome;

    /// <summary>The job goes on with the next start; this claim does not count as an attempt.</summary>
    public sealed record HandedBack : JobOutcome;

    public static JobOutcome Completed { get; } = new Over(JobStatus.Completed);

    public static JobOutcome Cancelled { get; } = new Over(JobStatus.Cancelled);

    public static JobOutcome ToNextStart { get; } = new HandedBack();
}
