using AsyncApi.Fetches.Submission;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches;

/// <summary><c>POST /fetches/{id}/retry</c>.</summary>
internal static class RetryFetchEndpoints
{
    public static void MapRetry(this RouteGroupBuilder fetches) =>
        fetches.MapPost("/{id}/retry", RetryAsync).WithName("retryFetch")
            .WithSummary("Submit what did not succeed once more")
            .WithDescription("A new fetch of just the failed and cancelled requests, in their order, with the same options, priority, label and callback.")
            .WithPath<Guid>("id", "The fetch that is over")
            .WithPreferWait()
            .WithIdempotency()
            .WithAnswer<FetchView>(202, "Accepted; `Location` is the new fetch", example: FetchExamples.Queued)
            .WithAnswerHeader(202, "Location", "The new fetch")
            .WithAnswer<FetchView>(200, "Over within the wait that was preferred", example: FetchExamples.Completed)
            .ProducesProblems(
                ProblemTypes.NotFound, ProblemTypes.Gone, ProblemTypes.Validation, ProblemTypes.Conflict, ProblemTypes.QueueFull, ProblemTypes.InsufficientStorage);

    private static async Task<IResult> RetryAsync(
        string id, HttpContext context, FetchStore fetches, Submissions submissions, JobAdmission admission, CancellationToken token)
    {
        if (QueryReader.RefusalOfAny(context.Request) is { } unknown)
        {
            return unknown;
        }

        if (!Guid.TryParseExact(id, "D", out Guid known) || await fetches.FindAsync(known, token) is not { } record)
        {
            return await context.AbsentJobAsync(id);
        }

        if (!record.Job.Status.IsOver())
        {
            return Problem.Conflict("The fetch is not over.");
        }

        if (record.Fetch.Failed + record.Fetch.Cancelled == 0)
        {
            return Problem.Conflict("Every request of the fetch succeeded.");
        }

        if (await admission.RefusalAsync(token) is { } refusal)
        {
            return refusal;
        }

        TakenFetch taken = await submissions.RetryAsync(record, SubmitFetchEndpoints.OriginOf(context), token);
        return await SubmitFetchEndpoints.AnswerAsync(context, taken, token);
    }
}
