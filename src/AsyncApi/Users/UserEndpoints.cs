using AsyncApi.Http.Docs;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Preconditions;
using AsyncApi.Http.Problems;

namespace AsyncApi.Users;

internal static class UserEndpoints
{
    private const int MaxBodyBytes = 16 * 1024;

    public static RouteGroupBuilder MapUsers(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder users = routes.MapGroup("/users").WithTags("Users");
        users.MapPost("/", AddAsync).WithName("addUser")
            .WithSummary("Add a user")
            .WithDescription("An e-mail address is one user's alone; large and small letters count as the same.")
            .WithBody<UserDraft>(example: UserExamples.Draft)
            .WithIdempotency()
            .WithAnswer<UserView>(201, "Added; `Location` is the user", example: UserExamples.View)
            .WithAnswerHeader(201, "Location", "The user")
            .WithAnswerHeader(201, "ETag", "The user's version")
            .ProducesProblems(
                ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.Conflict, ProblemTypes.PayloadTooLarge,
                ProblemTypes.UnsupportedMediaType, ProblemTypes.InsufficientStorage);
        users.MapGet("/", ListAsync).WithName("listUsers")
            .WithSummary("List users, newest first")
            .WithPaging()
            .WithAnswer<Page<UserView>>(200, "A page of users", example: UserExamples.Page)
            .ProducesProblems(ProblemTypes.Validation);
        users.MapGet("/{id}", FindAsync).WithName("getUser")
            .WithSummary("Get a user")
            .WithPath<long>("id", "The user's number", 1)
            .WithConditionalRead()
            .WithAnswer<UserView>(200, "The user", example: UserExamples.View)
            .WithAnswerHeader(200, "ETag", "The user's version")
            .ProducesProblems(ProblemTypes.Validation, ProblemTypes.NotFound);
        users.MapPut("/{id}", ReplaceAsync).WithName("replaceUser")
            .WithSummary("Replace a user's name and e-mail address")
            .WithPath<long>("id", "The user's number", 1)
            .WithConditionalWrite()
            .WithBody<UserDraft>(example: UserExamples.Draft)
            .WithAnswer<UserView>(200, "The user as it is now", example: UserExamples.View)
            .WithAnswerHeader(200, "ETag", "The user's version")
            .ProducesProblems(
                ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.NotFound, ProblemTypes.Conflict, ProblemTypes.PayloadTooLarge,
                ProblemTypes.UnsupportedMediaType, ProblemTypes.InsufficientStorage);
        users.MapDelete("/{id}", RemoveAsync).WithName("deleteUser")
            .WithSummary("Delete a user")
            .WithPath<long>("id", "The user's number", 1)
            .WithConditionalWrite()
            .WithAnswer(204, "Deleted; the number is never given again")
            .ProducesProblems(ProblemTypes.Validation, ProblemTypes.NotFound);
        return users;
    }

    private static async Task<IResult> AddAsync(HttpContext context, UserStore users, CancellationToken token)
    {
        StrictInput<UserDraft> input = await StrictInput.ReadAsync(context, MaxBodyBytes, UserDraft.Read, cancellationToken: token);
        if (input.Problem is not null)
        {
            return input.Problem;
        }

        IdempotencyTicket ticket = context.GetIdempotency();
        await ticket.SealAsync(token);
        if (await users.AddAsync(input.Value, ticket, token) is not { } user)
        {
            return Taken(input.Value);
        }

        EntityTag.Show(context.Response, user.Version);
        return TypedResults.Created(user.Path, UserView.Of(user));
    }

    private static async Task<IResult> ListAsync(HttpRequest request, UserStore users, CancellationToken token)
    {
        QueryReader query = new(request, new Faults());
        PageRequest page = PageRequest.Read(query, CursorKind.Number);
        if (query.Faults.Any)
        {
            return Problem.Validation(query.Faults);
        }

        Page<User> rows = Page.Of(await users.ListAsync(page.After?.First, page.Limit, token), page, user => Cursor.Of(user.Id));
        return new Page<UserView>([.. rows.Items.Select(UserView.Of)], rows.NextCursor);
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, UserStore users, CancellationToken token)
    {
        if (Precondition.RefusalOf(context.Request, out Precondition precondition) is { } refusal)
        {
            return refusal;
        }

        User? user = RowNumber.TryParse(id, out long known) ? await users.FindAsync(known, token) : null;
        return user is null ? Problem.NotFound() : Versioned.Read(context.Response, precondition, user.Version, TypedResults.Ok(UserView.Of(user)));
    }

    private static async Task<IResult> ReplaceAsync(string id, HttpContext context, UserStore users, CancellationToken token)
    {
        if (Precondition.RefusalOf(context.Request, out Precondition precondition) is { } refusal)
        {
            return refusal;
        }

        StrictInput<UserDraft> input = await StrictInput.ReadAsync(context, MaxBodyBytes, UserDraft.Read, cancellationToken: token);
        if (input.Problem is not null)
        {
            return input.Problem;
        }

        if (!RowNumber.TryParse(id, out long known))
        {
            return Problem.NotFound();
        }

        UserChange change = await users.ReplaceAsync(known, input.Value, precondition, token);
        if (change.User is not { } user)
        {
            return change.End == UserChangeEnd.Taken ? Taken(input.Value) : Refusal(change.End);
        }

        EntityTag.Show(context.Response, user.Version);
        return TypedResults.Ok(UserView.Of(user));
    }

    private static async Task<IResult> RemoveAsync(string id, HttpRequest request, UserStore users, CancellationToken token)
    {
        if (Precondition.RefusalOf(request, out Precondition precondition) is { } refusal)
        {
            return refusal;
        }

        if (!RowNumber.TryParse(id, out long known))
        {
            return Problem.NotFound();
        }

        UserChange change = await users.RemoveAsync(known, precondition, token);
        return change.End == UserChangeEnd.Done ? TypedResults.NoContent() : Refusal(change.End);
    }

    private static ProblemResult Refusal(UserChangeEnd end) => end == UserChangeEnd.Stale ? Versioned.Stale() : Problem.NotFound();

    private static ProblemResult Taken(UserDraft draft) => Problem.Conflict($"There is a user with the e-mail address {Quoted.Of(draft.Email)} already.");
}
