using System.Globalization;
using AsyncApi.Fetches.Results;
using AsyncApi.Fetches.Submission;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using AsyncApi.Http.Streams;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches;

/// <summary><c>POST /fetches</c>.</summary>
internal static class SubmitFetchEndpoints
{
    private static readonly string[] Answers = [JsonBody.MediaType, NdjsonWriter.MediaType, NdjsonWriter.OtherMediaType, SseWriter.MediaType];

    public static async Task<IResult> SubmitAsync(
        HttpContext context, Submissions submissions, JobAdmission admission, JobControl control, CancellationToken token)
    {
        string? form = Accept.Choose(context.Request, Answers);
        if (form is null)
        {
            return Problem.NotAcceptable(Answers);
        }

        QueryReader query = new(context.Request, new Faults());
        OnDisconnect onDisconnect = query.Enum<OnDisconnect>("onDisconnect") ?? OnDisconnect.Continue;
        if (await admission.RefusalAsync(token) is { } refusal)
        {
            return refusal;
        }

        (TakenFetch? taken, ProblemResult? problem) = await TakeAsync(context, query, submissions, token);
        if (taken is null)
        {
            return problem!;
        }

        return form == JsonBody.MediaType
            ? await AnswerAsync(context, taken, token)
            : await StreamAsync(context, taken.Record, form, onDisconnect, control);
    }

    /// <summary>The first answer again, or, to a client that asks for one, the stream of the same fetch from its beginning.</summary>
    public static async Task<IResult> ReplayAsync(HttpContext context, KeptAnswer kept)
    {
        string? form = Accept.Choose(context.Request, Answers);
        Guid id = Guid.Parse(kept.Location!["/fetches/".Length..], CultureInfo.InvariantCulture);
        if (form is null or JsonBody.MediaType
            || await context.RequestServices.GetRequiredService<FetchStore>().FindAsync(id, context.RequestAborted) is not { } record)
        {
            return new ReplayedAnswer(kept);
        }

        OnDisconnect onDisconnect = new QueryReader(context.Request, new Faults()).Enum<OnDisconnect>("onDisconnect") ?? OnDisconnect.Continue;
        return await StreamAsync(context, record, form, onDisconnect, context.RequestServices.GetRequiredService<JobControl>());
    }

    private static async Task<(TakenFetch?, ProblemResult?)> TakeAsync(
        HttpContext context, QueryReader query, Submissions submissions, CancellationToken token)
    {
        if (!JsonBody.IsJson(context.Request.ContentType))
        {
            if (LineFormats.Of(context.Request.ContentType) is not { } format)
            {
                return (null, Problem.UnsupportedMediaType(LineFormats.AndJson));
            }

            TakenFetch? listed = await submissions.TakeLinesAsync(context.Request.BodyReader, format, query, OriginOf(context), token);
            return (listed, listed is null ? Problem.Validation(query.Faults) : null);
        }

        query.Complete();
        if (query.Faults.Any)
        {
            return (null, Problem.Validation(query.Faults));
        }

        using JsonBody body = await JsonBody.ReadAsync(context, Submissions.MaxJsonBytes, cancellationToken: token);
        if (body.Problem is not null)
        {
            return (null, body.Problem);
        }

        Faults faults = new();
        TakenFetch? taken = await submissions.TakeJsonAsync(body, faults, OriginOf(context), token);
        return (taken, taken is null ? Problem.Validation(faults) : null);
    }

    public static SubmissionOrigin OriginOf(HttpContext context) => new(context.GetRequestId(), context.GetIdempotency());

    /// <summary>202, or 200 when it is over within the wait that was preferred.</summary>
    public static async Task<IResult> AnswerAsync(HttpContext context, TakenFetch taken, CancellationToken token)
    {
        Guid id = taken.Record.Job.Id;
        FetchView view = taken.View;
        context.Response.Headers.Location = LocationOf(id);
        if (Prefer.Wait(context.Request) is { } wait)
        {
            await context.RequestServices.GetRequiredService<JobWaiting>().UntilOverAsync(id, wait, token);
            Prefer.Applied(context.Response, wait);
            FetchRecord now = (await context.RequestServices.GetRequiredService<FetchStore>().FindAsync(id, token))!;
            view = await context.RequestServices.GetRequiredService<FetchViews>().ShowAsync(now);
        }

        return view.Status.IsOver() ? TypedResults.Ok(view) : TypedResults.Json(view, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> StreamAsync(
        HttpContext context, FetchRecord record, string mediaType, OnDisconnect onDisconnect, JobControl control)
    {
        context.Response.Headers.Location = LocationOf(record.Job.Id);
        context.Response.Headers["X-Fetch-Id"] = record.Job.Id.ToString();
        await ResultStreamEndpoints.StreamAsync(context, record, mediaType, new ResultQuery(), context.RequestAborted);
        if (onDisconnect == OnDisconnect.Cancel && context.RequestAborted.IsCancellationRequested)
        {
            await control.CancelAsync(record.Job.Id, CancellationToken.None);
        }

        return Microsoft.AspNetCore.Http.Results.Empty;
    }

    private static string LocationOf(Guid id) => $"/fetches/{id}";

    public static void DocumentSubmission(this RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Submit a batch of requests")
        .WithDescription(
            "The batch is on disk when the answer leaves, and runs whatever happens to this connection. A JSON body holds up to 100,000 requests; "
            + "`text/uri-list` (a URL a line) and `application/x-ndjson` (a request object or a string a line) up to 1,000,000, with the options as "
            + "query parameters; `urlsFrom` names an uploaded file of the same forms. One bad request refuses the whole, unless `onInvalid` is `record`. With `Accept: application/x-ndjson` or "
            + "`text/event-stream` the answer is the stream of results itself. An `Idempotency-Key` sent again is answered with the first 202, also "
            + "when the first answer was waited for; with the stream from its beginning, where a stream is asked for.")
        .WithBody<FetchSubmission>(example: FetchExamples.Submission)
        .WithBody<string>(LineFormats.UriList, "https://example.com/a\r\nhttps://example.com/b\r\n")
        .WithBody<string>(NdjsonWriter.MediaType, "{\"url\":\"https://example.com/a\",\"tag\":\"one\"}\n\"https://example.com/b\"\n")
        .DocumentSettings()
        .WithPreferWait()
        .WithIdempotency(ReplayAsync)
        .WithAnswer<FetchView>(202, "Accepted; `Location` is the fetch", example: FetchExamples.Queued)
        .WithAnswerHeader(202, "Location", "The fetch")
        .WithAnswer<FetchView>(200, "Over within the wait that was preferred; or the stream of results, where it is asked for", example: FetchExamples.Completed)
        .WithAnswer<string>(200, "The stream of results", NdjsonWriter.MediaType, ResultExamples.Lines)
        .WithAnswer<string>(200, "The stream of results", SseWriter.MediaType, ResultExamples.Events)
        .WithAnswerHeader(200, "Location", "The fetch")
        .WithAnswerHeader(200, "X-Fetch-Id", "On a stream: the fetch's id.")
        .ProducesProblems(
            ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.NotAcceptable, ProblemTypes.PayloadTooLarge,
            ProblemTypes.UnsupportedMediaType, ProblemTypes.QueueFull, ProblemTypes.InsufficientStorage);

    private static RouteHandlerBuilder DocumentSettings(this RouteHandlerBuilder endpoint) => endpoint
        .WithQuery<int>("concurrency", "Requests in flight at once, 1-5,000 (100). This and the other options: with the line forms alone")
        .WithQuery<int>("perHost.concurrency", "Requests in flight to one host at once, 1-1,000 (10)")
        .WithQuery<double>("perHost.requestsPerSecond", "Requests that start to one host in any second, 0-10,000 (0: no limit)")
        .WithQuery<double>("timeoutSeconds", "Time for one attempt, from the connect to the last byte, 0.1-600 (30)")
        .WithQuery<double>("requestTimeoutSeconds", "Time for all attempts of a request and the waits between them, 0-86,400 (0: no limit)")
        .WithQuery<double>("deadlineSeconds", "Time for the whole fetch, 0-604,800 (0: no limit)")
        .WithQuery<int>("retry.maxRetries", "Retries of a request, 0-20 (3)")
        .WithQuery<double>("retry.baseDelaySeconds", "Ceiling of the first wait, doubled for each further one (0.2)")
        .WithQuery<double>("retry.maxDelaySeconds", "Ceiling of any wait (60)")
        .WithQuery<string>("retry.statuses", "Statuses that are tried again, with commas between them", "429,503")
        .WithQuery<Fetching.FetchStopWhen>("stopWhen", "Which outcome ends the whole fetch (never)")
        .WithQuery<OnInvalid>("onInvalid", "What becomes of a submission with a bad request in it (reject)")
        .WithQuery<long>("maxBodyBytes", "Bytes of each answer's body that are kept, 0-67,108,864 (1,048,576)")
        .WithQuery<bool>("storeBodies", "Whether bodies are kept at all (true)")
        .WithQuery<int>("maxRedirects", "Redirects followed, 0-20 (5)")
        .WithQuery<string>("secretHeaders", "Headers whose values are shown to nobody, with commas between them", "X-Partner-Token")
        .WithQuery<bool>("sendIdempotencyKey", "Whether requests that bring no Idempotency-Key get one (false)")
        .WithQuery<Fetching.FetchPriority>("priority", "Its share of the service beside other fetches (normal)")
        .WithQuery<double>("delaySeconds", "How long it is put off, up to 366 days (0)")
        .WithQuery<DateTimeOffset>("runAt", "When it starts, in place of delaySeconds", "2030-01-01T06:00:00Z")
        .WithQuery<string>("callback.url", "Who is told when the fetch is over", "https://me.example/hook")
        .WithQuery<string>("label", "A name to find it by, at most 200 characters", "nightly")
        .WithQuery<OnDisconnect>("onDisconnect", "Whether the fetch goes on when the reader of a streamed answer leaves (continue)", "cancel");
}

/// <summary>What a streamed submission does when its reader leaves.</summary>
internal enum OnDisconnect
{
    Continue,
    Cancel,
}
