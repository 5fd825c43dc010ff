using System.Net;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using AsyncApi.Http.Streams;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AsyncApi.Patterns;

internal static class PatternEndpoints
{
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly string[] Answers = [JsonBody.MediaType, SseWriter.MediaType];
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(5);

    public static RouteGroupBuilder MapPatterns(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder patterns = routes.MapGroup("/patterns").WithTags("Patterns");
        patterns.MapGet("/", () => TypedResults.Ok(PatternCatalog.All.Select(PatternView.Of))).WithName("listPatterns")
            .WithSummary("List the patterns of asyncio")
            .WithDescription("Each with what one writes with asyncio, what one writes in C#, and its parameters as JSON Schema.")
            .WithAnswer<PatternView[]>(200, "All of them, in the order in which one would learn them", example: PatternExamples.List);
        patterns.MapGet("/{name}", Find).WithName("getPattern")
            .WithSummary("Get a pattern with its source")
            .WithPath<string>("name", "The pattern's name", "gather")
            .WithAnswer<PatternPage>(200, "The pattern", example: PatternExamples.Page)
            .ProducesProblems(ProblemTypes.NotFound);
        patterns.MapPost("/{name}/runs", RunAsync).WithName("runPattern").DocumentRun();
        return patterns;
    }

    private static Results<Ok<PatternPage>, ProblemResult> Find(string name) =>
        PatternCatalog.Find(name) is { } pattern ? TypedResults.Ok(PatternPage.Of(pattern)) : Problem.NotFound();

    private static async Task<IResult> RunAsync(
        string name, HttpContext context, PatternPlaces places, TimeProvider time, IHostApplicationLifetime lifetime, CancellationToken token)
    {
        if (PatternCatalog.Find(name) is not { } pattern)
        {
            return Problem.NotFound();
        }

        if (Accept.Choose(context.Request, Answers) is not { } form)
        {
            return Problem.NotAcceptable(Answers);
        }

        StrictInput<object> parameters = await StrictInput.ReadAsync(context, MaxBodyBytes, body => PatternInput.Read(pattern, body), emptyAsObject: true, token);
        if (parameters.Problem is not null)
        {
            return parameters.Problem;
        }

        using IDisposable? place = await places.TryTakeAsync();
        if (place is null)
        {
            return Problem.RetryLater(ProblemTypes.QueueFull, ComeBack, $"{PatternPlaces.Max} patterns are running; no more may at once.");
        }

        IPEndPoint own = new(context.Connection.LocalIpAddress ?? IPAddress.Loopback, context.Connection.LocalPort);
        await using PatternSurroundings surroundings = new(own, time);
        PatternRun run = new(time, surroundings.Host);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, token);
        try
        {
            return form == SseWriter.MediaType
                ? await PatternStreamEndpoints.StreamAsync(context, pattern, parameters.Value, run, time, either.Token)
                : TypedResults.Ok(await PatternRunner.RunAsync(pattern, parameters.Value, run, either.Token));
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested || context.Response.HasStarted)
        {
            // Seen by nobody when it was the client that left, or when the stream has begun.
            return context.Response.HasStarted ? TypedResults.Empty : Problem.RetryLater(ProblemTypes.ShuttingDown, ComeBack);
        }
    }

    private static void DocumentRun(this RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Run a pattern")
        .WithPath<string>("name", "The pattern's name", "gather")
        .WithDescription(
            "Runs the C# that `GET /patterns/{name}` shows, and says who did what when: a span for each task, and what they said. A run takes at most "
            + "30 s and 256 tasks, and is cancelled when the client leaves. With `Accept: text/event-stream` all that comes as it happens: `start` and "
            + "`span` (a task's start and its whole), `event`, and last `end` with what the JSON answer would be.")
        .WithBody<PatternSubmission>(example: PatternExamples.Submission, required: false)
        .WithAnswer<PatternOutcome>(200, "What the run came to; when the pattern failed, `error` says how", example: PatternExamples.Outcome)
        .WithAnswer<string>(200, "The run as it happens", SseWriter.MediaType, PatternExamples.Stream)
        .ProducesProblems(
            ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.NotFound, ProblemTypes.NotAcceptable, ProblemTypes.PayloadTooLarge,
            ProblemTypes.UnsupportedMediaType, ProblemTypes.QueueFull, ProblemTypes.ShuttingDown);
}
