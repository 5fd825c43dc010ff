using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using AsyncApi.Http.Streams;

namespace AsyncApi.Jobs;

/// <summary>What becomes of jobs, as it happens.</summary>
internal static class JobEventEndpoints
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    public static void MapJobEvents(this RouteGroupBuilder jobs)
    {
        jobs.MapGet("/{id}/events", OneAsync).WithName("streamJob")
            .WithSummary("Watch a job")
            .WithDescription(
                "`status` and at last `end` hold the job, `progress` its id, done and total. A reader that comes back with `Last-Event-ID` hears "
                + "only what changed since, and gets 204 when it has seen the end.")
            .WithPath<Guid>("id", "The job's id, which is also its fetch's")
            .WithHeader(LastEventId.Header, "The last event that was seen")
            .WithAnswer<string>(200, "The events", SseWriter.MediaType, JobExamples.Events)
            .WithAnswer(204, "The end was seen")
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Gone, ProblemTypes.Validation, ProblemTypes.NotAcceptable);
        jobs.MapGet("/events", AllAsync).WithName("streamJobs")
            .WithSummary("Watch all jobs")
            .WithDescription(
                "The events of every job from now on, or since the one that `Last-Event-ID` names; an event may come twice then. What follows closely "
                + "on one another may come as its latest alone.")
            .WithHeader(LastEventId.Header, "The last event that was seen")
            .WithAnswer<string>(200, "The events", SseWriter.MediaType, JobExamples.Events)
            .ProducesProblems(ProblemTypes.Validation, ProblemTypes.NotAcceptable);
    }

    private static async Task<IResult> OneAsync(string id, HttpContext context, JobStore jobs, JobStreams streams, CancellationToken token)
    {
        (long? seen, ProblemResult? problem) = Read(context.Request);
        if (problem is not null)
        {
            return problem;
        }

        if (!Guid.TryParseExact(id, "D", out Guid known) || await jobs.FindAsync(known, token) is not { } job)
        {
            return await context.AbsentJobAsync(id);
        }

        return job.Status.IsOver() && seen == JobEvent.IdOf(job)
            ? SseWriter.NothingLeft
            : await StreamAsync(context, (writer, stop) => streams.WriteAsync(known, seen, writer, stop), token);
    }

    private static async Task<IResult> AllAsync(HttpContext context, JobStreams streams, CancellationToken token)
    {
        (long? seen, ProblemResult? problem) = Read(context.Request);
        return problem is not null ? problem : await StreamAsync(context, (writer, stop) => streams.WriteAllAsync(seen, writer, stop), token);
    }

    private static (long? Seen, ProblemResult? Problem) Read(HttpRequest request)
    {
        if (Accept.Choose(request, [SseWriter.MediaType]) is null)
        {
            return (null, Problem.NotAcceptable([SseWriter.MediaType]));
        }

        Faults faults = new();
        long? seen = LastEventId.Read(request, faults);
        return (seen, faults.Any ? Problem.Validation(faults) : null);
    }

    private static async Task<IResult> StreamAsync(HttpContext context, Func<SseWriter, CancellationToken, Task> write, CancellationToken token)
    {
        // Or a stream would hold up the shutdown.
        CancellationToken stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stopping, token);
        try
        {
            TimeProvider time = context.RequestServices.GetRequiredService<TimeProvider>();
            await using SseWriter writer = await SseWriter.StartAsync(context, time, Retry, either.Token);
            await write(writer, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The reader has left, or will come back to the next start with the last id it saw.
        }

        return Results.Empty;
    }
}
