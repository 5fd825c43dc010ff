using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using AsyncApi.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AsyncApi.LoadTests;

internal static class LoadTestEndpoints
{
    // A body of 64 KiB whose every byte is escaped (\u0001), and the headers.
    private const int MaxBodyBytes = 512 * 1024;

    public static RouteGroupBuilder MapLoadTests(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder tests = routes.MapGroup("/load-tests").WithTags("Load tests");
        tests.MapPost("/", SubmitAsync).WithName("submitLoadTest")
            .WithSummary("Send one request many times, and measure")
            .WithDescription(
                "A job, on disk when the answer leaves; one at a time. It ends after `requests`, or when `durationSeconds` have passed: then "
                + "nothing more starts, and what is in flight ends. A request has 10 s. After a crash or a restart it begins again. Only hosts that the operator allows can be "
                + "tested (`LoadTests:AllowedHosts`); without such a list, the service itself.")
            .WithBody<LoadTestSubmission>(example: LoadTestExamples.Submission)
            .WithPreferWait()
            .WithIdempotency()
            .WithAnswer<LoadTestView>(202, "Accepted; `Location` is the load test", example: LoadTestExamples.Queued)
            .WithAnswer<LoadTestView>(200, "Over within the wait that was preferred", example: LoadTestExamples.Completed)
            .WithAnswerHeader(202, "Location", "The load test")
            .WithAnswerHeader(200, "Location", "The load test")
            .ProducesProblems(
                ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.Forbidden, ProblemTypes.Conflict, ProblemTypes.PayloadTooLarge,
                ProblemTypes.UnsupportedMediaType, ProblemTypes.QueueFull, ProblemTypes.InsufficientStorage);
        tests.MapGet("/{id}", FindAsync).WithName("getLoadTest")
            .WithSummary("Get a load test")
            .WithDescription("What it has come to; while it runs, so far, a second old at most.")
            .WithPath<Guid>("id", "The load test's id")
            .WithPreferWait()
            .WithAnswer<LoadTestView>(200, "The load test", example: LoadTestExamples.Completed)
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Gone);
        return tests;
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context, LoadTestStore tests, LoadTargets targets, JobAdmission admission, JobWakeUp wakeUp, IOptions<LoadTestOptions> options,
        CancellationToken token)
    {
        if (!options.Value.Enabled)
        {
            return Problem.Forbidden("Load tests are switched off here; LoadTests:Enabled switches them on.");
        }

        if (await admission.RefusalAsync(token) is { } refusal)
        {
            return refusal;
        }

        StrictInput<LoadPlan> input = await StrictInput.ReadAsync(context, MaxBodyBytes, LoadPlan.Read, cancellationToken: token);
        if (input.Problem is not null)
        {
            return input.Problem;
        }

        if (!targets.Allows(new Uri(input.Value.Url)))
        {
            return Problem.Forbidden("The target may not be tested: it is not on LoadTests:AllowedHosts, or, where that is empty, not the service itself.");
        }

        IdempotencyTicket ticket = context.GetIdempotency();
        await ticket.SealAsync(token);
        LoadTestAdded added = await tests.AddAsync(input.Value, context.GetRequestId(), ticket, token);
        if (added.Test is not { } test)
        {
            return Problem.Conflict($"A load test is under way, and there is one at a time: wait for {LoadTestView.PathOf(added.Other!.Value)}, or cancel it.");
        }

        wakeUp.Ring();
        context.Response.Headers.Location = test.Links.Self;
        test = await WaitAsync(context, test.Id, tests, token) ?? test;
        return test.Status.IsOver() ? TypedResults.Ok(test) : TypedResults.Json(test, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<Results<Ok<LoadTestView>, ProblemResult>> FindAsync(string id, HttpContext context, LoadTestStore tests, CancellationToken token)
    {
        if (!Guid.TryParseExact(id, "D", out Guid known))
        {
            return Problem.NotFound();
        }

        LoadTestView? test = await WaitAsync(context, known, tests, token) ?? await tests.FindAsync(known, token);
        return test is null ? await context.AbsentJobAsync(id) : TypedResults.Ok(test);
    }

    /// <summary>The test after the wait that is preferred; null when none is.</summary>
    private static async Task<LoadTestView?> WaitAsync(HttpContext context, Guid id, LoadTestStore tests, CancellationToken token)
    {
        if (Prefer.Wait(context.Request) is not { } wait)
        {
            return null;
        }

        await context.RequestServices.GetRequiredService<JobWaiting>().UntilOverAsync(id, wait, token);
        Prefer.Applied(context.Response, wait);
        return await tests.FindAsync(id, token);
    }
}
