using AsyncApi.Fetches.Results;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;
using AsyncApi.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AsyncApi.Fetches;

internal static class FetchEndpoints
{
    public static RouteGroupBuilder MapFetches(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder fetches = routes.MapGroup("/fetches").WithTags("Fetches");
        fetches.MapPost("/", SubmitFetchEndpoints.SubmitAsync).WithName("submitFetch")
            // Lists of a million lines are read as they come; the JSON form has a cap of its own.
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .DocumentSubmission();
        fetches.MapGet("/", ListAsync).WithName("listFetches")
            .WithSummary("List fetches, newest first")
            .WithQuery<JobStatus>("status", "Only fetches in this status")
            .WithQuery<string>("label", "Only fetches with exactly this label", "nightly")
            .WithQuery<string>("search", "Only fetches whose label contains this, in any case")
            .WithPaging()
            .WithAnswer<Page<FetchView>>(200, "A page of fetches", example: FetchExamples.Page)
            .ProducesProblems(ProblemTypes.Validation);
        fetches.MapGet("/{id}", FindAsync).WithName("getFetch")
            .WithSummary("Get a fetch")
            .WithDescription("How far it is. With `Prefer: wait=N` the answer is held until it is over or N seconds have passed.")
            .WithPath<Guid>("id", "The fetch's id")
            .WithPreferWait()
            .WithAnswer<FetchView>(200, "The fetch", example: FetchExamples.Running)
            .ProducesProblems(ProblemTypes.NotFound);
        fetches.MapResults();
        return fetches;
    }

    private static async Task<Results<Page<FetchView>, ProblemResult>> ListAsync(
        HttpRequest request, FetchStore fetches, FetchViews views, CancellationToken token)
    {
        QueryReader query = new(request, new Faults());
        PageRequest page = PageRequest.Read(query, CursorKind.Number);
        JobFilter filter = new(Fetch.JobKind, query.Enum<JobStatus>("status"), query.String("label"), query.String("search"));
        if (query.Faults.Any)
        {
            return Problem.Validation(query.Faults);
        }

        IReadOnlyList<FetchRecord> found = await fetches.ListAsync(filter, page.After?.First, page.Limit, token);
        Page<FetchRecord> rows = Page.Of(found, page, record => Cursor.Of(record.Job.Number));
        return new Page<FetchView>([.. rows.Items.Select(views.Of)], rows.NextCursor);
    }

    private static async Task<Results<Ok<FetchView>, ProblemResult>> FindAsync(
        string id, HttpContext context, FetchStore fetches, FetchViews views, JobWaiting waiting, CancellationToken token)
    {
        if (!Guid.TryParseExact(id, "D", out Guid known))
        {
            return Problem.NotFound();
        }

        if (Prefer.Wait(context.Request) is { } wait)
        {
            await waiting.UntilOverAsync(known, wait, token);
            Prefer.Applied(context.Response, wait);
        }

        FetchRecord? record = await fetches.FindAsync(known, token);
        return record is null ? Problem.NotFound() : TypedResults.Ok(views.Of(record));
    }
}
