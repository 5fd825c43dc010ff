using AsyncApi.Fetches.Results;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;
using AsyncApi.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AsyncApi.Fetches;

internal static class FetchEndpoints
{
    private const int MaxChangeBytes = 64 * 1024;

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
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Gone);
        fetches.MapPatch("/{id}", ChangeAsync).WithName("changeFetch")
            .WithSummary("Change a fetch that is not over")
            .WithDescription(
                "Limits, priority and label; what is left out stays. In force when the answer comes: under a lower limit nothing starts until enough of "
                + "what is in flight has ended. 409 when the fetch is over.")
            .WithPath<Guid>("id", "The fetch's id")
            .WithBody<SubmittedChange>(example: FetchExamples.Change)
            .WithAnswer<FetchView>(200, "The fetch as it is now", example: FetchExamples.Running)
            .ProducesProblems(
                ProblemTypes.NotFound, ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.Conflict,
                ProblemTypes.PayloadTooLarge, ProblemTypes.UnsupportedMediaType);
        fetches.MapRetry();
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
        return new Page<FetchView>(await ShowAsync(rows.Items, views), rows.NextCursor);
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
        return record is null ? await context.AbsentJobAsync(id) : TypedResults.Ok(await views.ShowAsync(record));
    }

    private static async Task<Results<Ok<FetchView>, ProblemResult>> ChangeAsync(
        string id, HttpContext context, FetchControl control, FetchViews views, IOptions<FetchSettings> limits, CancellationToken token)
    {
        if (!Guid.TryParseExact(id, "D", out Guid known))
        {
            return Problem.NotFound();
        }

        StrictInput<FetchChange> input = await StrictInput.ReadAsync(
            context, MaxChangeBytes, body => FetchChange.Read(body, limits.Value), cancellationToken: token);
        if (input.Problem is not null)
        {
            return input.Problem;
        }

        FetchRecord? record = await control.ChangeAsync(known, input.Value, token);
        return record switch
        {
            null => await context.AbsentJobAsync(id),
            { Job.Status: var status } when status.IsOver() => Problem.Conflict($"The fetch is over ({EnumNames<JobStatus>.Of(status)}); nothing about it can change."),
            _ => TypedResults.Ok(await views.ShowAsync(record)),
        };
    }

    private static async Task<IReadOnlyList<FetchView>> ShowAsync(IReadOnlyList<FetchRecord> records, FetchViews views)
    {
        List<FetchView> shown = new(records.Count);
        foreach (FetchRecord record in records)
        {
            shown.Add(await views.ShowAsync(record));
        }

        return shown;
    }
}
