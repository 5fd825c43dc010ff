namespace AsyncApi.Jobs;

/// <summary>Which jobs a list shows; null members show all.</summary>
internal sealed record JobFilter(string? Kind = null, JobStatus? Status = null, string? Label = null, string? Search = null)
{
    public IQueryable<Job> ApplyTo(IQueryable<Job> jobs)
    {
        if (Kind is not null)
        {
            jobs = jobs.Where(job => job.Kind == Kind);
        }

        if (Status is not null)
        {
            jobs = jobs.Where(job => job.Status == Status);
        }

        if (Label is not null)
        {
            jobs = jobs.Where(job => job.Label == Label);
        }

        if (Search is not null)
        {
            // Not LIKE: in what a client searches for, % and _ mean themselves.
            string lower = Search.ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Never run here: the database's lower() knows no culture.
            jobs = jobs.Where(job => job.Label != null && job.Label.ToLower().Contains(lower));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        return jobs;
    }
}
