using AsyncApi.Fetching;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;
using AsyncApi.Http.Streams;

namespace AsyncApi.Fetches.Results;

/// <summary>What the document says about the list of results, which has five forms.</summary>
internal static class ResultDocEndpoints
{
    private const string Description =
        "JSON is a page. `text/csv` is a table of all results that are there. NDJSON and server-sent events begin with all results so far, go on with "
        + "each new one as it happens, and end when the fetch is over; `after` or `Last-Event-ID` goes on behind a result that was seen. "
        + "The filters hold in every form.";

    public static RouteHandlerBuilder WithResultListDocs(this RouteHandlerBuilder route) => route.WithName("listResults")
        .WithSummary("Page, export or stream the results of a fetch")
        .WithDescription(Description)
        .WithPath<Guid>("id", "The fetch's id")
        .WithQuery<ResultOrder>("order", "How a page or a table is sorted; `completion` by default. Streams come in order of completion.")
        .WithQuery<FetchOutcome>("outcome", "Only results with this outcome")
        .WithQuery<int>("status", "Only results with this HTTP status", 503)
        .WithQuery<string>("host", "Only results of this host, on one port or on all", "example.com:443")
        .WithQuery<string>("tag", "Only results of requests with exactly this tag", "order-17")
        .WithQuery<int>("after", "Only results behind this `seq`, in order of completion", 17)
        .WithInclude()
        .WithPaging()
        .WithHeader(LastEventId.Header, "For a stream: go on behind this `seq`; wins over `after`.", "17")
        .WithAnswer<Page<ResultView>>(200, "The results", example: ResultExamples.Page)
        .WithAnswer<string>(200, "The results", ResultCsv.MediaType, ResultExamples.Table)
        .WithAnswer<string>(200, "The results", NdjsonWriter.MediaType, ResultExamples.Lines)
        .WithAnswer<string>(200, "The results", NdjsonWriter.OtherMediaType, ResultExamples.Lines)
        .WithAnswer<string>(200, "The results", SseWriter.MediaType, ResultExamples.Events)
        .WithAnswerHeader(200, "Link", "Where the next page is, while there is one.")
        .WithAnswer(204, "To a reader of events: the fetch is over and everything was seen")
        .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Validation, ProblemTypes.NotAcceptable);

    public static RouteHandlerBuilder WithInclude(this RouteHandlerBuilder route) =>
        route.WithQuery<string>("include", "More members, separated by commas: `headers`, `body`, `attempts`.", "headers,attempts");
}
