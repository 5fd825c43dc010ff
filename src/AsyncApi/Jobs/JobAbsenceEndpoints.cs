using AsyncApi.Http.Problems;

namespace AsyncApi.Jobs;

internal static class JobAbsenceEndpoints
{
    /// <summary>The answer about a job that is not there: 410 for a month after it was deleted, else 404.</summary>
    public static async Task<ProblemResult> AbsentJobAsync(this HttpContext context, string id)
    {
        JobDeletionStore jobs = context.RequestServices.GetRequiredService<JobDeletionStore>();
        return Guid.TryParseExact(id, "D", out Guid known) && await jobs.WasDeletedAsync(known, context.RequestAborted)
            ? Problem.Gone("It was deleted, by a client or after the time that jobs are kept.")
            : Problem.NotFound();
    }
}
