using AsyncApi.Fetches;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;

namespace AsyncApi.Schedules;

internal static class ScheduleEndpoints
{
    public static RouteGroupBuilder MapSchedules(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder schedules = routes.MapGroup("/schedules").WithTags("Schedules");
        schedules.MapPost("/", SubmitScheduleEndpoints.AddAsync).WithName("addSchedule")
            .WithSummary("Make a fetch again and again")
            .WithDescription(
                "Each due time makes one fetch, also across restarts. Across a change of the clocks a skipped hour runs once, at its end, "
                + "and a repeated hour runs once. Where both the day of the month and the day of the week are restricted, either suffices.")
            .DocumentSubmission()
            .WithIdempotency()
            .WithAnswer<ScheduleView>(201, "Made; `Location` is the schedule", example: ScheduleExamples.View)
            .WithAnswerHeader(201, "Location", "The schedule");
        schedules.MapGet("/", ListAsync).WithName("listSchedules")
            .WithSummary("List schedules, newest first")
            .WithQuery<string>("label", "Only schedules with exactly this label", "nightly")
            .WithQuery<bool>("enabled", "Only those that run by themselves, or only those that do not")
            .WithPaging()
            .WithAnswer<Page<ScheduleView>>(200, "A page of schedules, without what they submit", example: ScheduleExamples.Page)
            .ProducesProblems(ProblemTypes.Validation);
        schedules.MapGet("/{id}", FindAsync).WithName("getSchedule")
            .WithSummary("Get a schedule")
            .WithSchedule()
            .WithAnswer<ScheduleView>(200, "The schedule", example: ScheduleExamples.View);
        schedules.MapPut("/{id}", SubmitScheduleEndpoints.ReplaceAsync).WithName("replaceSchedule")
            .WithSummary("Replace a schedule")
            .WithDescription("It takes effect at once. A run that is under way goes on as it was.")
            .WithSchedule()
            .DocumentSubmission()
            .WithAnswer<ScheduleView>(200, "The schedule as it is now", example: ScheduleExamples.View);
        schedules.MapDelete("/{id}", RemoveAsync).WithName("deleteSchedule")
            .WithSummary("Delete a schedule")
            .WithDescription("Its fetches stay, also one that is under way.")
            .WithSchedule()
            .WithAnswer(204, "Deleted");
        schedules.MapGet("/{id}/next", NextAsync).WithName("previewSchedule")
            .WithSummary("Tell when a schedule falls due next")
            .WithDescription("Whether it is enabled or not.")
            .WithSchedule()
            .WithQuery<int>("count", "How many times: 1 to 100, 5 by default")
            .WithAnswer<DueTimesView>(200, "The next due times", example: ScheduleExamples.DueTimes)
            .ProducesProblems(ProblemTypes.Validation);
        schedules.MapPost("/{id}/run", SubmitScheduleEndpoints.RunAsync).WithName("runSchedule")
            .WithSummary("Run a schedule now")
            .WithDescription("Beside its due times, which stay, and also when it is not enabled or the run before is not over.")
            .WithSchedule()
            .WithPreferWait()
            .WithIdempotency()
            .WithAnswer<FetchView>(202, "Accepted; `Location` is the fetch", example: FetchExamples.Queued)
            .WithAnswerHeader(202, "Location", "The fetch")
            .WithAnswer<FetchView>(200, "Over within the wait that was preferred", example: FetchExamples.Completed)
            .WithAnswerHeader(200, "Location", "The fetch")
            .ProducesProblems(ProblemTypes.Validation, ProblemTypes.QueueFull, ProblemTypes.InsufficientStorage);
        return schedules;
    }

    private static RouteHandlerBuilder WithSchedule(this RouteHandlerBuilder endpoint) => endpoint
        .WithPath<Guid>("id", "The schedule's id")
        .ProducesProblems(ProblemTypes.NotFound);

    private static async Task<IResult> ListAsync(HttpRequest request, ScheduleStore schedules, TimeProvider time, CancellationToken token)
    {
        QueryReader query = new(request, new Faults());
        PageRequest page = PageRequest.Read(query, CursorKind.Number);
        ScheduleFilter filter = new(query.String("label"), query.Bool("enabled"));
        if (query.Faults.Any)
        {
            return Problem.Validation(query.Faults);
        }

        IReadOnlyList<Schedule> found = await schedules.ListAsync(filter, page.After?.First, page.Limit, token);
        Page<Schedule> rows = Page.Of(found, page, schedule => Cursor.Of(schedule.Number));
        return new Page<ScheduleView>([.. rows.Items.Select(schedule => ScheduleView.ListedOf(schedule, time.GetUtcNow()))], rows.NextCursor);
    }

    private static async Task<IResult> FindAsync(string id, ScheduleStore schedules, TimeProvider time, CancellationToken token) =>
        Guid.TryParseExact(id, "D", out Guid known) && await schedules.FindAsync(known, token) is { } schedule
            ? TypedResults.Ok(ScheduleView.Of(schedule, time.GetUtcNow()))
            : Problem.NotFound();

    private static async Task<IResult> NextAsync(
        string id, HttpRequest request, ScheduleStore schedules, TimeProvider time, CancellationToken token)
    {
        QueryReader query = new(request, new Faults());
        int count = query.Int32("count", 1, 100) ?? 5;
        if (query.Faults.Any)
        {
            return Problem.Validation(query.Faults);
        }

        return Guid.TryParseExact(id, "D", out Guid known) && await schedules.FindAsync(known, token) is { } schedule
            ? TypedResults.Ok(new DueTimesView([.. schedule.DueTimes(time.GetUtcNow()).Take(count)]))
            : Problem.NotFound();
    }

    private static async Task<IResult> RemoveAsync(string id, ScheduleStore schedules, CancellationToken token) =>
        Guid.TryParseExact(id, "D", out Guid known) && await schedules.RemoveAsync(known, token) ? TypedResults.NoContent() : Problem.NotFound();
}
