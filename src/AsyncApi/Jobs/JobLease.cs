namespace AsyncApi.Jobs;

/// <summary>The right to work on a job. Every write of the work names it; once another worker has the job, none takes effect.</summary>
internal sealed record JobLease(Job Job)
{
    public Guid JobId => Job.Id;

    public long Token => Job.LeaseToken;
}

/// <summary>The job is another worker's by now: whatever was at hand is dropped.</summary>
internal sealed class LeaseLostException(Guid job) : Exception($"The lease of job {job} was lost.");
