using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Preconditions;
using AsyncApi.Http.Problems;

namespace AsyncApi.Items;

internal static class ItemEndpoints
{
    public static RouteGroupBuilder MapItems(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder items = routes.MapGroup("/items").WithTags("Items");
        items.MapPost("/", SubmitItemEndpoints.AddAsync).WithName("addItem")
            .WithSummary("Hand in an item to be processed")
            .WithDescription("The item and its job are on disk when the answer leaves; the job counts its data's characters and words and hashes it.")
            .DocumentSubmission()
            .WithIdempotency();
        items.MapGet("/", ListAsync).WithName("listItems")
            .WithSummary("List items, newest first")
            .WithDescription("A page ends before `limit` when its items are large.")
            .WithQuery<ItemStatus>("status", "Only items in this status")
            .WithQuery<string>("search", "Only items whose name contains this, in any case")
            .WithPaging()
            .WithAnswer<Page<ItemView>>(200, "A page of items", example: ItemExamples.Page)
            .ProducesProblems(ProblemTypes.Validation);
        items.MapGet("/{id}", FindAsync).WithName("getItem")
            .WithSummary("Get an item")
            .WithPath<long>("id", "The item's number", 1)
            .WithConditionalRead()
            .WithAnswer<ItemView>(200, "The item", example: ItemExamples.Processed)
            .WithAnswerHeader(200, "ETag", "The item's version; its processing is a change, too")
            .ProducesProblems(ProblemTypes.Validation, ProblemTypes.NotFound);
        items.MapPut("/{id}", SubmitItemEndpoints.ReplaceAsync).WithName("replaceItem")
            .WithSummary("Replace an item's name and data, and process it again")
            .WithDescription("The newest data wins, even while an older job still runs: that one is cancelled, and what it comes to is dropped.")
            .WithPath<long>("id", "The item's number", 1)
            .WithConditionalWrite()
            .DocumentSubmission()
            .ProducesProblems(ProblemTypes.NotFound);
        items.MapDelete("/{id}", RemoveAsync).WithName("deleteItem")
            .WithSummary("Delete an item")
            .WithDescription("A job of it that is not over is cancelled.")
            .WithPath<long>("id", "The item's number", 1)
            .WithConditionalWrite()
            .WithAnswer(204, "Deleted; the number is never given again")
            .ProducesProblems(ProblemTypes.Validation, ProblemTypes.NotFound);
        return items;
    }

    private static async Task<IResult> ListAsync(HttpRequest request, ItemStore items, CancellationToken token)
    {
        QueryReader query = new(request, new Faults());
        PageRequest page = PageRequest.Read(query, CursorKind.Number);
        ItemFilter filter = new(query.Enum<ItemStatus>("status"), query.String("search"));
        if (query.Faults.Any)
        {
            return Problem.Validation(query.Faults);
        }

        (IReadOnlyList<Item> found, bool more) = await items.ListAsync(filter, page.After?.First, page.Limit, token);
        string? next = more ? Cursor.Of(found[^1].Id).ToString() : null;
        if (next is not null)
        {
            request.HttpContext.Response.Headers.Link = $"<{PageLink.Next(request, next)}>; rel=\"next\"";
        }

        return new WrittenJson<(IReadOnlyList<Item>, string?)>((found, next), ItemJson.WritePage);
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, ItemStore items, CancellationToken token)
    {
        if (Precondition.RefusalOf(context.Request, out Precondition precondition) is { } refusal)
        {
            return refusal;
        }

        Item? item = RowNumber.TryParse(id, out long known) ? await items.FindAsync(known, token) : null;
        return item is null ? Problem.NotFound() : Versioned.Read(context.Response, precondition, item.Version, new WrittenJson<Item>(item, ItemJson.Write));
    }

    private static async Task<IResult> RemoveAsync(string id, HttpRequest request, ItemControl items, CancellationToken token)
    {
        if (Precondition.RefusalOf(request, out Precondition precondition) is { } refusal)
        {
            return refusal;
        }

        if (!RowNumber.TryParse(id, out long known))
        {
            return Problem.NotFound();
        }

        ItemChange change = await items.RemoveAsync(known, precondition, token);
        return change.Item is not null ? TypedResults.NoContent() : change.IsStale ? Versioned.Stale() : Problem.NotFound();
    }
}
