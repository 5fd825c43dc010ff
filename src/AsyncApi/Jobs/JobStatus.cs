namespace AsyncApi.Jobs;

/// <summary>Where a job is in its life. The last four are final.</summary>
internal enum JobStatus
{
    Scheduled,
    Queued,
    Running,
    Paused,
    Cancelling,
    Completed,
    Failed,
    Cancelled,
    TimedOut,
}

internal static class JobStatuses
{
    /// <summary>Those of a job that is not over.</summary>
    public static readonly JobStatus[] Open =
        [JobStatus.Scheduled, JobStatus.Queued, JobStatus.Running, JobStatus.Paused, JobStatus.Cancelling];

    public static bool IsOver(this JobStatus status) => status >= JobStatus.Completed;
}
