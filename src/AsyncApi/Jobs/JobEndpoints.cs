using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AsyncApi.Jobs;

internal static class JobEndpoints
{
    public static RouteGroupBuilder MapJobs(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder jobs = routes.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapGet("/", ListAsync).WithName("listJobs")
            .WithSummary("List jobs, newest first")
            .WithDescription("Everything that runs in the background, of every kind.")
            .WithQuery<string>("kind", "Only jobs of this kind", "fetch")
            .WithQuery<JobStatus>("status", "Only jobs in this status")
            .WithQuery<string>("label", "Only jobs with exactly this label", "nightly")
            .WithQuery<string>("search", "Only jobs whose label contains this, in any case")
            .WithPaging()
            .WithAnswer<Page<JobView>>(200, "A page of jobs", example: JobExamples.Page)
            .ProducesProblems(ProblemTypes.Validation);
        jobs.MapGet("/{id}", FindAsync).WithName("getJob")
            .WithSummary("Get a job")
            .WithDescription("With `Prefer: wait=N` the answer is held until the job is over or N seconds have passed.")
            .WithPath<Guid>("id", "The job's id, which is also its fetch's")
            .WithPreferWait()
            .WithAnswer<JobView>(200, "The job", example: JobExamples.Running)
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Gone);
        jobs.MapPost("/{id}/cancel", CancelAsync).WithName("cancelJob")
            .WithSummary("Cancel a job")
            .WithDescription("Running work stops within a second. On a job that is over, and on a second call, nothing changes.")
            .WithPath<Guid>("id", "The job's id, which is also its fetch's")
            .WithAnswer<JobView>(200, "The job as it is now", example: JobExamples.Cancelling)
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Gone, ProblemTypes.Validation);
        jobs.MapPost("/{id}/pause", PauseAsync).WithName("pauseJob")
            .WithSummary("Pause a job")
            .WithDescription("It begins nothing more until it is resumed, across restarts too; what is in flight ends. On a paused job nothing changes.")
            .WithPath<Guid>("id", "The job's id, which is also its fetch's")
            .WithAnswer<JobView>(200, "The job as it is now", example: JobExamples.Paused)
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Gone, ProblemTypes.Validation, ProblemTypes.Conflict);
        jobs.MapPost("/{id}/resume", ResumeAsync).WithName("resumeJob")
            .WithSummary("Resume a paused job")
            .WithDescription("It goes on where it stood. On a job that is not paused nothing changes.")
            .WithPath<Guid>("id", "The job's id, which is also its fetch's")
            .WithAnswer<JobView>(200, "The job as it is now", example: JobExamples.Running)
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Gone, ProblemTypes.Validation, ProblemTypes.Conflict);
        jobs.MapDelete("/{id}", DeleteAsync).WithName("deleteJob")
            .WithSummary("Delete a job that is over")
            .WithDescription("With all its data: a fetch's results and bodies too. For 30 days the id is answered with 410, then with 404.")
            .WithPath<Guid>("id", "The job's id, which is also its fetch's")
            .WithAnswer(204, "Deleted")
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Gone, ProblemTypes.Conflict);
        jobs.MapJobWait();
        jobs.MapJobEvents();
        return jobs;
    }

    private static async Task<Results<Page<JobView>, ProblemResult>> ListAsync(HttpRequest request, JobStore jobs, CancellationToken token)
    {
        QueryReader query = new(request, new Faults());
        PageRequest page = PageRequest.Read(query, CursorKind.Number);
        JobFilter filter = new(query.String("kind"), query.Enum<JobStatus>("status"), query.String("label"), query.String("search"));
        if (query.Faults.Any)
        {
            return Problem.Validation(query.Faults);
        }

        IReadOnlyList<Job> found = await jobs.ListAsync(filter, page.After?.First, page.Limit, token);
        Page<Job> rows = Page.Of(found, page, job => Cursor.Of(job.Number));
        return new Page<JobView>([.. rows.Items.Select(JobView.Of)], rows.NextCursor);
    }

    private static async Task<Results<Ok<JobView>, ProblemResult>> FindAsync(
        string id, HttpContext context, JobStore jobs, JobWaiting waiting, CancellationToken token)
    {
        if (!Guid.TryParseExact(id, "D", out Guid known))
        {
            return Problem.NotFound();
        }

        TimeSpan? wait = Prefer.Wait(context.Request);
        Job? job = wait is null ? await jobs.FindAsync(known, token) : await waiting.UntilOverAsync(known, wait.Value, token);
        if (job is null)
        {
            return await context.AbsentJobAsync(id);
        }

        if (wait is not null)
        {
            Prefer.Applied(context.Response, wait.Value);
        }

        return TypedResults.Ok(JobView.Of(job));
    }

    private static async Task<Results<Ok<JobView>, ProblemResult>> CancelAsync(
        string id, HttpRequest request, JobControl control, CancellationToken token)
    {
        if (QueryReader.RefusalOfAny(request) is { } unknown)
        {
            return unknown;
        }

        Job? job = Guid.TryParseExact(id, "D", out Guid known) ? await control.CancelAsync(known, token) : null;
        return job is null ? await request.HttpContext.AbsentJobAsync(id) : TypedResults.Ok(JobView.Of(job));
    }

    private static Task<Results<Ok<JobView>, ProblemResult>> PauseAsync(
        string id, HttpRequest request, JobControl control, CancellationToken token) => ChangeAsync(id, request, control.PauseAsync, token);

    private static Task<Results<Ok<JobView>, ProblemResult>> ResumeAsync(
        string id, HttpRequest request, JobControl control, CancellationToken token) => ChangeAsync(id, request, control.ResumeAsync, token);

    private static async Task<Results<Ok<JobView>, ProblemResult>> ChangeAsync(
        string id, HttpRequest request, Func<Guid, CancellationToken, Task<JobChange>> change, CancellationToken token)
    {
        if (QueryReader.RefusalOfAny(request) is { } unknown)
        {
            return unknown;
        }

        return Guid.TryParseExact(id, "D", out Guid known) ? await change(known, token) switch
        {
            JobChange.Done done => TypedResults.Ok(JobView.Of(done.Job)),
            JobChange.Refused refused => Problem.Conflict(refused.Why),
            _ => await request.HttpContext.AbsentJobAsync(id),
        } : Problem.NotFound();
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(string id, HttpContext context, JobControl control, CancellationToken token)
    {
        JobDeletion deletion = Guid.TryParseExact(id, "D", out Guid known) ? await control.DeleteAsync(known, token) : JobDeletion.Missing;
        if (deletion.IsOpen)
        {
            return Problem.Conflict("The job is not over; cancel it first.");
        }

        return deletion.IsDeleted ? TypedResults.NoContent() : await context.AbsentJobAsync(id);
    }
}
