using AsyncApi.Fetches;
using AsyncApi.Fetches.Submission;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using AsyncApi.Jobs;

namespace AsyncApi.Schedules;

/// <summary>What makes, changes and runs schedules.</summary>
internal static class SubmitScheduleEndpoints
{
    // Read at each run: a list of millions is no schedule.
    private const int MaxBodyBytes = 1024 * 1024;

    public static async Task<IResult> AddAsync(
        HttpContext context, ScheduleReader reader, ScheduleStore schedules, ScheduleLoop loop, TimeProvider time, CancellationToken token)
    {
        StrictInput<ScheduleDraft> input = await StrictInput.ReadAsync(context, MaxBodyBytes, reader.Read, cancellationToken: token);
        if (input.Problem is not null)
        {
            return input.Problem;
        }

        IdempotencyTicket idempotency = context.GetIdempotency();
        await idempotency.SealAsync(token);
        Schedule added = await schedules.AddAsync(
            input.Value,
            (session, schedule, stop) => idempotency.KeepAsync(
                session, StatusCodes.Status201Created, $"/schedules/{schedule.Id}", ScheduleView.Of(schedule, time.GetUtcNow()), stop),
            token);
        loop.Wake();
        return TypedResults.Created($"/schedules/{added.Id}", ScheduleView.Of(added, time.GetUtcNow()));
    }

    public static async Task<IResult> ReplaceAsync(
        string id, HttpContext context, ScheduleReader reader, ScheduleStore schedules, ScheduleLoop loop, TimeProvider time, CancellationToken token)
    {
        StrictInput<ScheduleDraft> input = await StrictInput.ReadAsync(context, MaxBodyBytes, reader.Read, cancellationToken: token);
        if (input.Problem is not null)
        {
            return input.Problem;
        }

        if (!Guid.TryParseExact(id, "D", out Guid known) || await schedules.ReplaceAsync(known, input.Value, token) is not { } schedule)
        {
            return Problem.NotFound();
        }

        loop.Wake();
        return TypedResults.Ok(ScheduleView.Of(schedule, time.GetUtcNow()));
    }

    public static async Task<IResult> RunAsync(
        string id, HttpContext context, ScheduleStore schedules, ScheduleRuns runs, JobAdmission admission, CancellationToken token)
    {
        if (QueryReader.RefusalOfAny(context.Request) is { } unknown)
        {
            return unknown;
        }

        if (await admission.RefusalAsync(token) is { } refusal)
        {
            return refusal;
        }

        if (!Guid.TryParseExact(id, "D", out Guid known) || await schedules.FindAsync(known, token) is not { } schedule)
        {
            return Problem.NotFound();
        }

        Faults faults = new();
        try
        {
            TakenFetch? taken = await runs.RunNowAsync(schedule, faults, context.GetRequestId(), context.GetIdempotency(), token);
            return taken is null ? Problem.Validation(faults) : await SubmitFetchEndpoints.AnswerAsync(context, taken, token);
        }
        catch (ScheduleMovedException)
        {
            return Problem.NotFound();
        }
    }

    public static RouteHandlerBuilder DocumentSubmission(this RouteHandlerBuilder endpoint) => endpoint
        .WithBody<ScheduleSubmission>(example: ScheduleExamples.Submission)
        .ProducesProblems(
            ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.PayloadTooLarge, ProblemTypes.UnsupportedMediaType,
            ProblemTypes.InsufficientStorage);
}
