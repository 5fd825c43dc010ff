using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;
using AsyncApi.Http.Preconditions;
using AsyncApi.Http.Problems;
using AsyncApi.Jobs;

namespace AsyncApi.Items;

/// <summary>What hands in an item's data: <c>POST /items</c> and <c>PUT /items/{id}</c>.</summary>
internal static class SubmitItemEndpoints
{
    // Data of 64 KiB whose every byte is escaped (\u0001), and the name.
    private const int MaxBodyBytes = 512 * 1024;

    public static async Task<IResult> AddAsync(HttpContext context, ItemControl items, JobAdmission admission, CancellationToken token)
    {
        if (await admission.RefusalAsync(token) is { } refusal)
        {
            return refusal;
        }

        StrictInput<ItemDraft> input = await StrictInput.ReadAsync(context, MaxBodyBytes, ItemDraft.Read, cancellationToken: token);
        if (input.Problem is not null)
        {
            return input.Problem;
        }

        IdempotencyTicket ticket = context.GetIdempotency();
        await ticket.SealAsync(token);
        Item item = await items.AddAsync(input.Value, new ItemOrigin(context.GetRequestId(), ticket), token);
        context.Response.Headers.Location = item.Path;
        return await AnswerAsync(context, item, items, token);
    }

    public static async Task<IResult> ReplaceAsync(
        string id, HttpContext context, ItemControl items, JobAdmission admission, CancellationToken token)
    {
        if (await admission.RefusalAsync(token) is { } refusal)
        {
            return refusal;
        }

        if (Precondition.RefusalOf(context.Request, out Precondition precondition) is { } unreadable)
        {
            return unreadable;
        }

        StrictInput<ItemDraft> input = await StrictInput.ReadAsync(context, MaxBodyBytes, ItemDraft.Read, cancellationToken: token);
        if (input.Problem is not null)
        {
            return input.Problem;
        }

        if (!RowNumber.TryParse(id, out long known))
        {
            return Problem.NotFound();
        }

        ItemChange change = await items.ReplaceAsync(known, input.Value, precondition, context.GetRequestId(), token);
        if (change.Item is not { } item)
        {
            return change.IsStale ? Versioned.Stale() : Problem.NotFound();
        }

        context.Response.Headers.Location = item.Path;
        return await AnswerAsync(context, item, items, token);
    }

    public static RouteHandlerBuilder DocumentSubmission(this RouteHandlerBuilder endpoint) => endpoint
        .WithBody<ItemDraft>(example: ItemExamples.Draft)
        .WithPreferWait()
        .WithAnswer<ItemAccepted>(202, "Accepted; `Location` is the item", example: ItemExamples.Accepted)
        .WithAnswerHeader(202, "Location", "The item")
        .WithAnswer<ItemView>(200, "Processed within the wait that was preferred", example: ItemExamples.Processed)
        .WithAnswerHeader(200, "Location", "The item")
        .WithAnswerHeader(200, "ETag", "The item's version")
        .ProducesProblems(
            ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.PayloadTooLarge, ProblemTypes.UnsupportedMediaType,
            ProblemTypes.QueueFull, ProblemTypes.InsufficientStorage);

    /// <summary>202, or 200 when this data was handled within the wait that was preferred.</summary>
    private static async Task<IResult> AnswerAsync(HttpContext context, Item item, ItemControl items, CancellationToken token)
    {
        if (Prefer.Wait(context.Request) is { } wait)
        {
            Prefer.Applied(context.Response, wait);
            if (await items.UntilOverAsync(item, wait, token) is { IsOver: true } over && over.JobId == item.JobId)
            {
                EntityTag.Show(context.Response, over.Version);
                return TypedResults.Ok(ItemView.Of(over));
            }
        }

        return TypedResults.Json(ItemAccepted.Of(item), statusCode: StatusCodes.Status202Accepted);
    }
}
