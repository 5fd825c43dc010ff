using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using AsyncApi.Jobs;

namespace AsyncApi.Callbacks;

internal static class CallbackEndpoints
{
    public static RouteGroupBuilder MapCallbacks(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder callbacks = routes.MapGroup("/jobs/{id}/callbacks").WithTags("Jobs");
        callbacks.MapGet("/", ListAsync).WithName("listCallbacks")
            .WithSummary("List a job's callbacks")
            .WithDescription("Whether whoever wanted to be told of the job's end was told, and what came of each try. Empty when nobody did, or the job is not over.")
            .WithPath<Guid>("id", "The job's id, which is also its fetch's")
            .WithAnswer<DeliveriesView>(200, "The callbacks", example: CallbackExamples.List)
            .ProducesProblems(ProblemTypes.NotFound);
        callbacks.MapPost("/redeliver", RedeliverAsync).WithName("redeliverCallbacks")
            .WithSummary("Send a job's callbacks again")
            .WithDescription("At once, under the same `webhook-id`, and with the whole schedule of retries, whatever came of it before.")
            .WithPath<Guid>("id", "The job's id, which is also its fetch's")
            .WithAnswer<DeliveriesView>(202, "They will be sent", example: new DeliveriesView([CallbackExamples.Again]))
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Conflict, ProblemTypes.Validation);
        return callbacks;
    }

    private static async Task<IResult> ListAsync(string id, JobStore jobs, DeliveryStore deliveries, CancellationToken token)
    {
        if (!Guid.TryParseExact(id, "D", out Guid known) || await jobs.FindAsync(known, token) is null)
        {
            return Problem.NotFound();
        }

        DeliveryRecord? delivery = await deliveries.FindAsync(known, token);
        return TypedResults.Ok(new DeliveriesView(delivery is null ? [] : [DeliveryView.Of(delivery)]));
    }

    private static async Task<IResult> RedeliverAsync(
        string id, HttpRequest request, JobStore jobs, DeliveryStore deliveries, CallbackLoop loop, CancellationToken token)
    {
        if (QueryReader.RefusalOfAny(request) is { } unknown)
        {
            return unknown;
        }

        if (!Guid.TryParseExact(id, "D", out Guid known) || await jobs.FindAsync(known, token) is not { } job)
        {
            return Problem.NotFound();
        }

        if (await deliveries.RedeliverAsync(known, token) is not { } delivery)
        {
            return Problem.Conflict(
                job.CallbackUrl is null ? "The job has no callback." : "The job's callback was not yet sent: it is when the job is over.");
        }

        loop.Wake();
        return TypedResults.Json(new DeliveriesView([DeliveryView.Of(delivery)]), statusCode: StatusCodes.Status202Accepted);
    }
}
