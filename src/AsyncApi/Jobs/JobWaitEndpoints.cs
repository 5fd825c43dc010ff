using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AsyncApi.Jobs;

/// <summary><c>POST /jobs/wait</c>: asyncio's <c>wait</c>.</summary>
internal static class JobWaitEndpoints
{
    private const int MaxIds = 1_000;
    private const int MaxBytes = 64 * 1024;
    private const double MaxSeconds = 60;

    public static void MapJobWait(this RouteGroupBuilder jobs) =>
        jobs.MapPost("/wait", WaitAsync).WithName("waitForJobs")
            .WithSummary("Wait for jobs")
            .WithDescription(
                "Holds the answer until all jobs are over, the first one is, or the first one has failed (`failed` or `timedOut`), or until "
                + "`timeoutSeconds` have passed, whichever comes first. It changes nothing.")
            .WithBody<JobWait>(example: JobExamples.Wait)
            .WithAnswer<JobWaitAnswer>(200, "Which are over and which are not", example: JobExamples.Waited)
            .ProducesProblems(ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.NotFound, ProblemTypes.PayloadTooLarge, ProblemTypes.UnsupportedMediaType);

    private static async Task<Results<Ok<JobWaitAnswer>, ProblemResult>> WaitAsync(HttpContext context, JobWaiting waiting, CancellationToken token)
    {
        StrictInput<JobWait> input = await StrictInput.ReadAsync(context, MaxBytes, Read, cancellationToken: token);
        if (input.Problem is not null)
        {
            return input.Problem;
        }

        JobWait wanted = input.Value;
        TimeSpan longest = TimeSpan.FromSeconds(wanted.TimeoutSeconds ?? MaxSeconds);
        if (await waiting.UntilAsync(wanted.Ids, wanted.ReturnWhen ?? JobReturnWhen.AllCompleted, longest, token) is not { } jobs)
        {
            return Problem.NotFound("Not every id is that of a job.");
        }

        ILookup<bool, JobView> views = jobs.ToLookup(job => job.Status.IsOver(), JobView.Of);
        return TypedResults.Ok(new JobWaitAnswer([.. views[true]], [.. views[false]]));
    }

    private static JobWait Read(JsonObjectReader root)
    {
        JobWait wanted = new()
        {
            Ids = ReadIds(root),
            ReturnWhen = root.Enum<JobReturnWhen>("returnWhen"),
            TimeoutSeconds = root.Double("timeoutSeconds", 0, MaxSeconds),
        };
        root.Complete();
        return wanted;
    }

    /// <summary>Each once, in the order in which they stand.</summary>
    private static List<Guid> ReadIds(JsonObjectReader root)
    {
        List<Guid> ids = [];
        JsonArrayReader? list = root.Array("ids", MaxIds, required: true);
        if (list?.Count == 0)
        {
            root.Fault("ids", $"must hold 1 to {MaxIds} ids");
        }

        foreach ((int index, string? text) in (list?.Strings() ?? []).Index())
        {
            if (Guid.TryParseExact(text, "D", out Guid id))
            {
                ids.Add(id);
            }
            else if (text is not null)
            {
                list!.Fault(index, $"must be a UUID, was {Quoted.Of(text)}");
            }
        }

        return [.. ids.Distinct()];
    }
}
