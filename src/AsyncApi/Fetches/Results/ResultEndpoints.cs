using System.Globalization;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;
using AsyncApi.Http.Streams;
using AsyncApi.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AsyncApi.Fetches.Results;

internal static class ResultEndpoints
{
    private const string Json = "application/json";

    private static readonly string[] Forms = [Json, ResultCsv.MediaType, NdjsonWriter.MediaType, NdjsonWriter.OtherMediaType, SseWriter.MediaType];

    /// <summary>The routes below <c>/fetches/{id}/results</c>.</summary>
    public static RouteGroupBuilder MapResults(this RouteGroupBuilder fetches)
    {
        fetches.MapGet("/{id}/results", ListAsync).WithResultListDocs();
        fetches.MapGet("/{id}/results/{index}", FindAsync).WithName("getResult")
            .WithSummary("Get the result of one request")
            .WithDescription("`index` is the request's place in the submission, from 0. 404 until the result is there.")
            .WithPath<Guid>("id", "The fetch's id")
            .WithPath<int>("index", "The request's place in the submission, from 0", 0)
            .WithInclude()
            .WithAnswer<ResultView>(200, "The result", example: ResultExamples.One)
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Gone, ProblemTypes.Validation);
        fetches.MapGet("/{id}/results/{index}/body", GetBodyAsync).WithName("getResultBody")
            .WithSummary("Download the body of one result")
            .WithDescription("The bytes that were kept, with ranges. They come from outside: nothing in them runs in this origin. 404 when none were kept.")
            .WithContentSecurityPolicy("sandbox; default-src 'none'")
            .WithPath<Guid>("id", "The fetch's id")
            .WithPath<int>("index", "The request's place in the submission, from 0", 0)
            .WithHeader("Range", "Which bytes to send.", "bytes=0-1023")
            .WithAnswer<byte[]>(200, "The bytes", BodyContentType.Unknown)
            .WithAnswer<byte[]>(206, "Some of the bytes", BodyContentType.Unknown)
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Gone, ProblemTypes.RangeNotSatisfiable);
        return fetches;
    }

    private static async Task<Results<EmptyHttpResult, ProblemResult>> ListAsync(string id, HttpContext context, FetchStore fetches, CancellationToken token)
    {
        if (await FindFetchAsync(id, fetches, token) is not { } record)
            return await context.AbsentJobAsync(id);
        if (Accept.Choose(context.Request, Forms) is not { } form)
            return Problem.NotAcceptable(Forms);
        QueryReader reader = new(context.Request, new Faults());
        ResultQuery query = ResultQuery.Read(reader);
        ProblemResult? problem = form switch
        {
            Json => await AnswerPageAsync(context, record, query, reader, token),
            ResultCsv.MediaType => await AnswerTableAsync(context, record, query, reader, token),
            _ => await AnswerStreamAsync(context, record, form, query, reader, token),
        };
        return problem is null ? TypedResults.Empty : problem;
    }

    private static async Task<Results<EmptyHttpResult, ProblemResult>> FindAsync(
        string id, string index, HttpContext context, FetchStore fetches, ResultReader results, ResultPages pages, CancellationToken token)
    {
        QueryReader reader = new(context.Request, new Faults());
        ResultQuery query = ResultQuery.ReadIncluded(reader);
        if (await FindRowAsync(id, index, query, fetches, results, token) is not { } row)
            return await context.AbsentJobAsync(id);
        if (reader.Faults.Any)
            return Problem.Validation(reader.Faults);
        context.Response.ContentType = Json;
        await pages.WriteAsync(context.Response.BodyWriter, row, query, token);
        return TypedResults.Empty;
    }

    private static async Task<Results<EmptyHttpResult, ProblemResult>> GetBodyAsync(
        string id, string index, HttpContext context, FetchStore fetches, ResultReader results, ResultBodies bodies, CancellationToken token)
    {
        if (await FindRowAsync(id, index, ResultQuery.All, fetches, results, token) is not { } row)
            return await context.AbsentJobAsync(id);
        if (await BodyAnswerAsync(row, bodies, token) is not { } answer)
            return Problem.NotFound("No body was kept.");
        await answer.ExecuteAsync(context);
        if (context.Response.StatusCode != StatusCodes.Status416RangeNotSatisfiable)
            return TypedResults.Empty;
        context.Response.Headers.ContentDisposition = default;
        return Problem.Of(ProblemTypes.RangeNotSatisfiable);
    }

    private static async Task<IResult?> BodyAnswerAsync(ResultRow row, ResultBodies bodies, CancellationToken token)
    {
        string contentType = BodyContentType.Of(row.ContentType);
        string name = string.Create(CultureInfo.InvariantCulture, $"result-{row.Index}.bin");
        if (row.BodyPlace is BodyPlace.File or BodyPlace.Parts)
            return bodies.OpenLarge(row) is { } file ? TypedResults.Stream(file, contentType, name, enableRangeProcessing: true) : null;
        return await bodies.ReadAsync(row, token) is { } body ? TypedResults.Bytes(body, contentType, name, enableRangeProcessing: true) : null;
    }

    private static async Task<ProblemResult?> AnswerPageAsync(
        HttpContext context, FetchRecord record, ResultQuery query, QueryReader reader, CancellationToken token)
    {
        PageRequest request = PageRequest.Read(reader, CursorKind.NumberPair);
        if (request.After is { } cursor && !ResultPages.Fits(cursor, query.Order))
            reader.Fault(PageRequest.CursorName, "is a cursor of the other order");
        if (reader.Faults.Any)
            return Problem.Validation(reader.Faults);
        ResultPages pages = context.RequestServices.GetRequiredService<ResultPages>();
        Page<ResultRow> page = await pages.ReadAsync(record.Fetch.Key, query, request, token);
        if (page.NextCursor is { } next)
            context.Response.Headers.Link = $"<{PageLink.Next(context.Request, next)}>; rel=\"next\"";
        context.Response.ContentType = Json;
        await pages.WriteAsync(context.Response.BodyWriter, page, query, token);
        return null;
    }

    private static async Task<ProblemResult?> AnswerTableAsync(
        HttpContext context, FetchRecord record, ResultQuery query, QueryReader reader, CancellationToken token)
    {
        if (query.IncludesHeaders || query.IncludesBody || query.IncludesAttempts)
            reader.Fault("include", $"is not for {ResultCsv.MediaType}");
        if (reader.Faults.Any)
            return Problem.Validation(reader.Faults);
        context.Response.ContentType = $"{ResultCsv.MediaType}; charset=utf-8; header=present";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"fetch-{record.Job.Id}.csv\"";
        await context.RequestServices.GetRequiredService<ResultCsv>().WriteAsync(context.Response.BodyWriter, record.Fetch.Key, query, token);
        return null;
    }

    private static async Task<ProblemResult?> AnswerStreamAsync(
        HttpContext context, FetchRecord record, string mediaType, ResultQuery query, QueryReader reader, CancellationToken token)
    {
        if (query.Order != ResultOrder.Completion)
            reader.Fault("order", "a stream comes in order of completion");
        // An EventSource that comes back repeats its first query, so the header is the newer of the two.
        if (LastEventId.Read(context.Request, reader.Faults) is { } last)
            query = query with { After = (int)Math.Min(last, RowKey.MaxNumber) };
        if (reader.Faults.Any)
            return Problem.Validation(reader.Faults);
        await ResultStreamEndpoints.StreamAsync(context, record, mediaType, query, token);
        return null;
    }

    private static async Task<FetchRecord?> FindFetchAsync(string id, FetchStore fetches, CancellationToken token) =>
        Guid.TryParseExact(id, "D", out Guid known) ? await fetches.FindAsync(known, token) : null;

    private static async Task<ResultRow?> FindRowAsync(
        string id, string index, ResultQuery query, FetchStore fetches, ResultReader results, CancellationToken token) =>
        int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= RowKey.MaxNumber
        && await FindFetchAsync(id, fetches, token) is { } record
            ? await results.FindAsync(record.Fetch.Key, number, query, token)
            : null;
}
